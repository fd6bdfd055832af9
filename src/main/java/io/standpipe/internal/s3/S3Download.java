// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.s3;

import io.standpipe.ImageRefusedException;
import io.standpipe.StandpipeException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadableByteChannel;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * An object that is read from its beginning. A connection that breaks is made anew, for the bytes that are missing and only of the same
 * object. Before the last bytes are handed out, all of them are compared with the hash that the store reports.
 */
public final class S3Download implements ReadableByteChannel {

    /** Of an object of unknown length. */
    private static final long UNKNOWN = -1;
    private static final int CHUNK_BYTES = 1 << 20;
    private static final int MOST_FAILURES = 5;
    private static final long FIRST_PAUSE_MILLIS = 100;

    private final S3Access access;
    private final S3Location location;
    private final GetObjectResponse object;
    private final long lengthBytes;
    private final ObjectDigest digest = new ObjectDigest();
    private final ByteBuffer chunk;
    private @Nullable ResponseInputStream<GetObjectResponse> body;
    private long received;
    private boolean ended;
    /** Guards {@link #busy}, and {@link #body} while nobody is. */
    private final Object state = new Object();
    private boolean busy;
    private volatile boolean open = true;

    private S3Download(S3Access access, ResponseInputStream<GetObjectResponse> body) {
        this.access = access;
        this.body = body;
        location = access.location();
        object = body.response();
        lengthBytes = object.contentLength() == null ? UNKNOWN : object.contentLength();
        chunk = ByteBuffer.allocate((int) (lengthBytes == UNKNOWN ? CHUNK_BYTES : Math.min(CHUNK_BYTES, Math.max(1, lengthBytes)))).limit(0);
    }

    /** Requests the object; access is closed with what is returned, or at once if it fails. */
    public static S3Download open(S3Access access) throws IOException {
        S3Download opened = null;
        try {
            opened = new S3Download(access, access.request("opening it", () -> get(access, null)));
            return opened;
        } finally {
            if (opened == null) {
                access.close();
            }
        }
    }

    /** @param range of bytes, of the object that has this ETag; null for all of any */
    private static ResponseInputStream<GetObjectResponse> get(S3Access access, @Nullable Range range) {
        return access.client().getObject(wanted -> wanted
                .bucket(access.location().bucket())
                .key(access.location().key())
                .range(range == null ? null : "bytes=" + range.fromByte + "-")
                .ifMatch(range == null ? null : range.etag)
                .overrideConfiguration(S3Access.patience(0)));
    }

    private record Range(long fromByte, String etag) {}

    @Override
    public synchronized int read(ByteBuffer target) throws IOException {
        if (!open) {
            throw new ClosedChannelException();
        }
        if (!target.hasRemaining()) {
            return 0;
        }
        if (!chunk.hasRemaining() && !ended) {
            receive();
        }
        if (!chunk.hasRemaining()) {
            return -1;
        }
        int count = Math.min(chunk.remaining(), target.remaining());
        target.put(chunk.slice(chunk.position(), count));
        chunk.position(chunk.position() + count);
        return count;
    }

    private void receive() throws IOException {
        boolean complete = false;
        try {
            complete = access.request("reading it at byte " + received, () -> {
                fill();
                return true;
            });
        } finally {
            if (!complete) {
                close(); // The request may still run.
            }
        }
        if (!open) {
            throw new AsynchronousCloseException();
        }
    }

    /** Receives the next bytes, all that the chunk has room for. */
    private void fill() throws IOException {
        if (!begin()) {
            return;
        }
        try {
            int filled = 0;
            for (int failures = 0; filled < chunk.capacity() && received != lengthBytes; ) {
                int read = 0;
                try {
                    read = readOnce(filled);
                } catch (IOException | SdkClientException e) {
                    failures++;
                    if (failures == MOST_FAILURES || !open || e instanceof StandpipeException) {
                        throw e;
                    }
                    pause(failures);
                }
                if (read < 0) {
                    break;
                }
                failures = read > 0 ? 0 : failures;
                filled += read;
            }
            ended = filled < chunk.capacity() || received == lengthBytes;
            if (ended) {
                check();
            }
            chunk.position(0).limit(filled);
        } finally {
            end();
        }
    }

    /** Returns how many bytes came, -1 at the end of an object of unknown length. */
    private int readOnce(int filled) throws IOException {
        InputStream from = body;
        if (from == null) {
            from = resume();
        }
        boolean complete = false;
        try {
            int read = from.read(chunk.array(), filled, chunk.capacity() - filled);
            if (read < 0 && lengthBytes != UNKNOWN) {
                throw new EOFException("it ended at byte " + received + " of " + lengthBytes);
            }
            if (read > 0) {
                digest.update(chunk.array(), filled, read);
                received += read;
            }
            complete = true;
            return read;
        } finally {
            if (!complete) {
                dropBody();
            }
        }
    }

    private InputStream resume() throws IOException {
        ResponseInputStream<GetObjectResponse> rest = get(access, new Range(received, object.eTag()));
        body = rest;
        String range = rest.response().contentRange();
        if (received > 0 && (range == null || !range.startsWith("bytes " + received + "-"))) {
            dropBody();
            throw new StandpipeException(location + ": the store sends " + (range == null ? "all" : range) + " of the object, expected it from byte "
                    + received);
        }
        return rest;
    }

    private static void pause(int failures) throws IOException {
        try {
            Thread.sleep(FIRST_PAUSE_MILLIS << failures);
        } catch (InterruptedException e) {
            throw new IOException("interrupted", e);
        }
    }

    private void check() throws IOException {
        String etag = ObjectDigest.unquoted(String.valueOf(object.eTag()));
        boolean partsAreOurs = PartSizes.METADATA_VALUE.equals(object.metadata().get(PartSizes.METADATA_KEY));
        if (ObjectDigest.isOfCiphertext(object.serverSideEncryption()) || object.sseCustomerAlgorithm() != null
                || !digest.contradicts(etag, partsAreOurs) || ObjectDigest.isComposite(etag) && isDividedOtherwise()) {
            return;
        }
        throw new ImageRefusedException(location + ": the " + received + " bytes received have another hash than the store reports for the"
                + " object, whose ETag is " + etag + ": try again; if it is so again, the object is damaged");
    }

    /** Returns whether the store reports another length of the first part: then another tool has copied the object, with its metadata. */
    private boolean isDividedOtherwise() {
        try {
            Long firstBytes = access.client().headObject(part -> part.bucket(location.bucket()).key(location.key()).partNumber(1)
                    .ifMatch(object.eTag()).overrideConfiguration(S3Access.patience(0))).contentLength();
            return firstBytes != null && firstBytes < received && firstBytes != PartSizes.sizeBytes(1);
        } catch (S3Exception e) {
            return false;
        }
    }

    /** Returns whether bytes are still wanted. Until {@link #end} nobody else closes the body. */
    private boolean begin() {
        synchronized (state) {
            busy = open;
            return open;
        }
    }

    private void end() {
        synchronized (state) {
            busy = false;
            if (!open) {
                dropBody();
            }
        }
    }

    /** Breaks the connection off, without reading what else would come. */
    private void dropBody() {
        if (body != null) {
            body.abort();
            body = null;
        }
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public void close() {
        synchronized (state) {
            open = false;
            if (!busy) {
                dropBody();
            }
        }
        access.close();
    }
}
