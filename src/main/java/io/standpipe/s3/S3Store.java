// SPDX-License-Identifier: Apache-2.0
package io.standpipe.s3;

import io.standpipe.ImageStore;
import io.standpipe.UnavailableException;
import io.standpipe.internal.s3.S3Access;
import io.standpipe.internal.s3.S3Download;
import io.standpipe.internal.s3.S3Location;
import io.standpipe.internal.s3.S3Upload;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.ReadableByteChannel;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * An object of an S3 store, as the place of an image.
 *
 * <pre>{@code
 * Checkpoint.ofTree(4711).writeTo(S3Store.at(URI.create("s3://bucket/app.ckpt")));
 * Restore.from(S3Store.at(URI.create("s3://bucket/app.ckpt"))).exec(List.of("consumer"));
 * }</pre>
 *
 * An image of up to 8 MiB is sent in one request, a longer one in parts while it is written. The object appears under its key, in
 * place of one that is there, when the store has all of it. Each part is sent with its MD5, and the hashes that the store reports are
 * compared with what was sent. A connection that breaks while the object is read is made anew, and reading goes on where it stopped.
 *
 * <p>Immutable and safe for use by several threads. Nothing is connected before {@link #create} or {@link #open}.
 *
 * @since 0.1
 */
public final class S3Store implements ImageStore {

    private static final String NO_SDK = ": the AWS SDK, which speaks S3, or what it needs is missing: put standpipe-s3.jar beside standpipe.jar (in the library,"
            + " add software.amazon.awssdk:s3 and software.amazon.awssdk:url-connection-client)";

    private final S3Location location;
    private final @Nullable S3Client client;

    private S3Store(S3Location location, @Nullable S3Client client) {
        this.location = location;
        this.client = client;
    }

    /**
     * The object of a URI {@code s3://bucket/key}. Endpoint, region and credentials are found as the AWS SDK finds them: in the
     * environment ({@code AWS_ENDPOINT_URL_S3}, {@code AWS_REGION}, {@code AWS_ACCESS_KEY_ID}), in the profile, or from the machine.
     *
     * @throws IllegalArgumentException if the URI has another form
     */
    public static S3Store at(URI uri) {
        return new S3Store(S3Location.of(uri), null);
    }

    /**
     * An object reached through a client of the caller's, which stays the caller's to close. A store that does not know trailing
     * checksums wants a client with {@code requestChecksumCalculation(WHEN_REQUIRED)} and without chunked encoding.
     *
     * @throws IllegalArgumentException if bucket or key is empty
     */
    public static S3Store at(S3Client client, String bucket, String key) {
        return new S3Store(new S3Location(bucket, key), client);
    }

    /**
     * Begins to write the object.
     *
     * @throws UnavailableException if no credentials or no region can be found, or the SDK is not on the class path
     */
    @Override
    public ImageStore.Writing create() throws IOException {
        try {
            return new S3Upload(access());
        } catch (NoClassDefFoundError e) {
            throw new UnavailableException(location + NO_SDK + "; not found: " + e.getMessage(), e);
        }
    }

    /**
     * Requests the object.
     *
     * @throws UnavailableException if credentials, a right, the store or the SDK is missing
     * @throws io.standpipe.StandpipeException if there is no such bucket or object
     */
    @Override
    public ReadableByteChannel open() throws IOException {
        try {
            return S3Download.open(access());
        } catch (NoClassDefFoundError e) {
            throw new UnavailableException(location + NO_SDK + "; not found: " + e.getMessage(), e);
        }
    }

    private S3Access access() throws IOException {
        return client == null ? S3Access.byDefault(location) : S3Access.of(location, client);
    }

    /** Returns {@code s3://bucket/key}. */
    @Override
    public String toString() {
        return location.toString();
    }
}
