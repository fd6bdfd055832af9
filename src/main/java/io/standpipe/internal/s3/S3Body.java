// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.s3;

import io.standpipe.StandpipeException;
import java.io.EOFException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Some bytes of an object, as they come from the store. A connection that breaks is made anew, for the bytes that are missing and only of
 * the same object.
 */
final class S3Body {

    private static final int RANGE_NOT_SATISFIABLE = 416;
    private static final int MOST_FAILURES = 5;
    private static final long FIRST_PAUSE_MILLIS = 100;

    private final S3Access access;
    private final String etag;
    private @Nullable ResponseInputStream<GetObjectResponse> body;

    /** @param etag of the object, of which nothing is requested yet */
    S3Body(S3Access access, String etag) {
        this.access = access;
        this.etag = etag;
    }

    private S3Body(S3Access access, ResponseInputStream<GetObjectResponse> body) {
        this(access, body.response().eTag());
        this.body = body;
    }

    /** Requests the first bytes of whatever object is there. */
    static S3Body first(S3Access access, int mostBytes) {
        try {
            return new S3Body(access, get(access, "bytes=0-" + (mostBytes - 1), null));
        } catch (S3Exception e) {
            if (e.statusCode() == RANGE_NOT_SATISFIABLE) { // An empty object has no first byte.
                return new S3Body(access, get(access, null, null));
            }
            throw e;
        }
    }

    private static ResponseInputStream<GetObjectResponse> get(S3Access access, @Nullable String range, @Nullable String etag) {
        return access.client().getObject(wanted -> wanted
                .bucket(access.location().bucket())
                .key(access.location().key())
                .range(range)
                .ifMatch(etag)
                .overrideConfiguration(S3Access.patience(0)));
    }

    /** Returns what the store says of the object; only for one that was requested. */
    GetObjectResponse object() {
        if (body == null) {
            throw new IllegalStateException("nothing was requested");
        }
        return body.response();
    }

    /** Returns how long the object is, of which this may be a part. */
    long objectBytes() throws StandpipeException {
        String range = object().contentRange();
        if (range == null && object().contentLength() == null) {
            throw new StandpipeException(access.location() + ": the store does not say how long the object is, as every S3 store does");
        }
        return range == null ? object().contentLength() : Long.parseLong(range.substring(range.indexOf('/') + 1));
    }

    /** Receives the bytes from one on, as many as there is room for. */
    void receive(long fromByte, byte[] into) throws IOException {
        try {
            int done = 0;
            for (int failures = 0; done < into.length; ) {
                try {
                    done += read(fromByte, into, done);
                    failures = 0;
                } catch (IOException | SdkClientException e) {
                    drop();
                    failures++;
                    if (failures == MOST_FAILURES || access.isStopped() || e instanceof StandpipeException) {
                        throw e;
                    }
                    pause(failures);
                }
            }
            if (body != null && Long.valueOf(into.length).equals(body.response().contentLength())) {
                body.close(); // Read to its end: the connection serves another request.
                body = null;
            }
        } finally {
            drop();
        }
    }

    private int read(long fromByte, byte[] into, int done) throws IOException {
        if (body == null) {
            long next = fromByte + done;
            body = get(access, "bytes=" + next + "-" + (fromByte + into.length - 1), etag);
            String range = body.response().contentRange();
            if (range == null || !range.startsWith("bytes " + next + "-")) {
                throw new StandpipeException(access.location() + ": the store sends " + (range == null ? "all" : range)
                        + " of the object, expected it from byte " + next + " on");
            }
        }
        int read = body.read(into, done, into.length - done);
        if (read < 0) {
            throw new EOFException("it ended " + (into.length - done) + " bytes short");
        }
        return read;
    }

    private static void pause(int failures) throws IOException {
        try {
            Thread.sleep(FIRST_PAUSE_MILLIS << failures);
        } catch (InterruptedException e) {
            throw new IOException("interrupted", e);
        }
    }

    /** Breaks the connection off, without reading what else would come. */
    private void drop() {
        if (body != null) {
            body.abort();
            body = null;
        }
    }
}
