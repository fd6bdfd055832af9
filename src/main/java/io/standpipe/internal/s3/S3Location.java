// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.s3;

import java.net.URI;
import java.net.URISyntaxException;

/** Which object of which bucket. */
public record S3Location(String bucket, String key) {

    private static final String FORM = "expected s3://BUCKET/KEY";
    private static final String PREFIX = "s3://";

    /** @throws IllegalArgumentException if bucket or key is empty, or the key ends in a slash, as the names of directories do */
    public S3Location {
        if (bucket.contains("@")) {
            throw new IllegalArgumentException("a place in an S3 store names no user, " + FORM + "; credentials come from the environment"
                    + " or the profile");
        }
        if (bucket.isEmpty()) {
            throw new IllegalArgumentException("'" + PREFIX + bucket + "/" + key + "' names no bucket, " + FORM);
        }
        if (key.isEmpty()) {
            throw new IllegalArgumentException("'" + PREFIX + bucket + "' names a bucket and no key, " + FORM);
        }
        if (key.endsWith("/")) {
            throw new IllegalArgumentException("'" + PREFIX + bucket + "/" + key + "' ends in a slash, as no key of an image does, " + FORM);
        }
    }

    /** Returns the object of a URI, whose path is decoded. */
    public static S3Location of(URI uri) {
        if (!"s3".equals(uri.getScheme()) || uri.isOpaque()) {
            throw new IllegalArgumentException("'" + uri + "' is no URI of an S3 object, " + FORM);
        }
        if (uri.getQuery() != null || uri.getFragment() != null || uri.getPort() >= 0) {
            throw new IllegalArgumentException("the URI of an S3 object has a port, a query or a fragment, " + FORM + " with what is special"
                    + " in a key as %3F; the endpoint comes from AWS_ENDPOINT_URL_S3");
        }
        return new S3Location(uri.getAuthority() == null ? "" : uri.getAuthority(), uri.getPath().isEmpty() ? "" : uri.getPath().substring(1));
    }

    /** Returns whether what was typed is meant as an object. */
    public static boolean isNamed(String typed) {
        return typed.startsWith(PREFIX);
    }

    /** Returns the object that is named as typed, {@code s3://bucket/key}: every character of the key stands for itself. */
    public static S3Location of(String typed) {
        String place = typed.substring(PREFIX.length());
        int slash = place.indexOf('/');
        return slash < 0 ? new S3Location(place, "") : new S3Location(place.substring(0, slash), place.substring(slash + 1));
    }

    /**
     * Returns the URI, in which what is special is escaped.
     *
     * @throws IllegalArgumentException if the bucket has characters that no bucket's name has
     */
    public URI uri() {
        try {
            return new URI("s3", bucket, "/" + key, null, null);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("'" + this + "' names no bucket as they are called: " + e.getReason(), e);
        }
    }

    @Override
    public String toString() {
        return PREFIX + bucket + "/" + key;
    }
}
