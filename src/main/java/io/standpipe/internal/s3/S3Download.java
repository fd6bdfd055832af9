// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.s3;

import io.standpipe.ImageRefusedException;
import io.standpipe.StandpipeException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadableByteChannel;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * An object that is read from its beginning, part by part as it was written, of which some are received at the same time. Before the
 * last part is handed out, all of them are compared with the hash that the store reports.
 */
public final class S3Download implements ReadableByteChannel {

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final S3Access access;
    private final S3Location location;
    private final GetObjectResponse object;
    private final String etag;
    private final long lengthBytes;
    /** Takes in the parts' MD5s; null if the ETag is not made of them. */
    private final @Nullable MessageDigest ofParts;
    /** Takes in all bytes; null if the ETag is not made of them. */
    private final @Nullable MessageDigest whole;
    private final Deque<S3Access.Pending<ReceivedPart>> receiving = new ArrayDeque<>();
    private @Nullable S3Body first;
    private int begun;
    private int received;
    private long begunBytes;
    private ByteBuffer bytes = NOTHING;
    private volatile boolean open = true;

    private S3Download(S3Access access, S3Body first) throws StandpipeException {
        this.access = access;
        this.first = first;
        location = access.location();
        object = first.object();
        lengthBytes = first.objectBytes();
        etag = ObjectDigest.unquoted(String.valueOf(object.eTag()));
        boolean isOfBytes = !ObjectDigest.isOfCiphertext(object.serverSideEncryption()) && object.sseCustomerAlgorithm() == null;
        boolean partsAreOurs = PartSizes.METADATA_VALUE.equals(object.metadata().get(PartSizes.METADATA_KEY));
        whole = isOfBytes && ObjectDigest.isMd5(etag) ? ObjectDigest.md5() : null;
        ofParts = isOfBytes && partsAreOurs && ObjectDigest.isComposite(etag) ? ObjectDigest.md5() : null;
    }

    /** Requests the object; access is closed with what is returned, or at once if it fails. */
    public static S3Download open(S3Access access) throws IOException {
        S3Download opened = null;
        try {
            opened = new S3Download(access, access.request("opening it", () -> S3Body.first(access, PartSizes.sizeBytes(1))));
            return opened;
        } finally {
            if (opened == null) {
                access.close();
            }
        }
    }

    /** @param md5 null if nothing is compared with it */
    private record ReceivedPart(byte[] bytes, byte @Nullable [] md5) {}

    @Override
    public synchronized int read(ByteBuffer target) throws IOException {
        if (!open) {
            throw new ClosedChannelException();
        }
        if (!target.hasRemaining()) {
            return 0;
        }
        if (!bytes.hasRemaining()) {
            bytes = next();
        }
        if (!bytes.hasRemaining()) {
            return -1;
        }
        int count = Math.min(bytes.remaining(), target.remaining());
        target.put(bytes.slice(bytes.position(), count));
        bytes.position(bytes.position() + count);
        return count;
    }

    /** Waits for the next part, and begins to receive others; returns an empty one at the end. */
    private ByteBuffer next() throws IOException {
        boolean complete = false;
        try {
            while (begunBytes < lengthBytes && receiving.size() < PartSizes.inFlight(begun + 1)) {
                begin(begun + 1, begunBytes, (int) Math.min(PartSizes.sizeBytes(begun + 1), lengthBytes - begunBytes));
            }
            ByteBuffer part = receiving.isEmpty() ? NOTHING : take(receiving.remove().get());
            if (received == begun && begunBytes == lengthBytes && part.hasRemaining()) {
                check();
            }
            complete = true;
            return part;
        } finally {
            if (!complete) {
                close(); // Other requests may still run.
            }
        }
    }

    private void begin(int number, long fromByte, int length) throws IOException {
        S3Body body = first == null ? new S3Body(access, object.eTag()) : first;
        first = null;
        begun = number;
        begunBytes += length;
        receiving.add(access.begin("reading it from byte " + fromByte + " on", () -> {
            byte[] part = new byte[length];
            body.receive(fromByte, part);
            return new ReceivedPart(part, ofParts == null ? null : ObjectDigest.md5().digest(part));
        }));
    }

    private ByteBuffer take(ReceivedPart part) {
        received++;
        if (ofParts != null && part.md5 != null) {
            ofParts.update(part.md5);
        }
        if (whole != null) {
            whole.update(part.bytes);
        }
        return ByteBuffer.wrap(part.bytes);
    }

    private void check() throws IOException {
        boolean isAsReported = whole != null ? ObjectDigest.hex(whole.digest()).equals(etag)
                // Another number of parts is that of a copy, which a tool has divided in its own way.
                : ofParts == null || !etag.endsWith("-" + received) || ObjectDigest.composite(ofParts, received).equals(etag)
                        || isDividedOtherwise();
        if (!isAsReported) {
            throw new ImageRefusedException(location + ": the " + lengthBytes + " bytes received have another hash than the store reports for"
                    + " the object, whose ETag is " + etag + ": try again; if it is so again, the object is damaged");
        }
    }

    /** Returns whether the store reports another length of the first part: then another tool has copied the object, with its metadata. */
    private boolean isDividedOtherwise() throws IOException {
        return access.request("looking at it", () -> {
            try {
                Long firstBytes = access.client().headObject(part -> part.bucket(location.bucket()).key(location.key()).partNumber(1)
                        .ifMatch(object.eTag()).overrideConfiguration(S3Access.patience(0))).contentLength();
                return firstBytes != null && firstBytes < lengthBytes && firstBytes != PartSizes.sizeBytes(1);
            } catch (S3Exception e) {
                return false;
            }
        });
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public void close() {
        open = false;
        access.close();
    }
}
