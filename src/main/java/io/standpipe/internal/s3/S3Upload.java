// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.s3;

import io.standpipe.ImageStore;
import io.standpipe.StandpipeException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchUploadException;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;

/**
 * An object being written. A short one is one request, made by {@link #commit}; a longer one is uploaded in parts, each when its bytes
 * are there and some at the same time, and appears when the store puts the parts together.
 */
public final class S3Upload implements ImageStore.Writing {

    private static final String TOKEN_KEY = "standpipe-upload";
    private static final String CONTENT_TYPE = "application/octet-stream";
    private static final int FIRST_BUFFER_BYTES = 256 << 10;
    private static final Duration CLEANING = Duration.ofSeconds(5);

    private final S3Access access;
    private final S3Location location;
    /** By which an object is known as this one, where the answer to its completion is lost. */
    private final String token = UUID.randomUUID().toString();
    private final List<CompletedPart> parts = new ArrayList<>();
    private final MessageDigest ofParts = ObjectDigest.md5();
    /** Parts that are being sent, the first one first. */
    private final Deque<Sending> sending = new ArrayDeque<>();
    private int begun;
    private byte[] buffer = new byte[FIRST_BUFFER_BYTES];
    private int length;
    private @Nullable String upload;
    private volatile boolean hashesAreMd5 = true;
    private boolean committed;
    /** False after a failure, and while a request is under way. */
    private boolean usable = true;
    private volatile boolean open = true;

    /** Begins; finds out whether there are credentials, but sends nothing yet. */
    public S3Upload(S3Access access) throws IOException {
        this.access = access;
        location = access.location();
        boolean complete = false;
        try {
            access.findCredentials();
            complete = true;
        } finally {
            if (!complete) {
                access.close();
            }
        }
    }

    @Override
    public synchronized int write(ByteBuffer source) throws IOException {
        requireOpen();
        int taken = source.remaining();
        while (source.hasRemaining()) {
            int sizeBytes = PartSizes.sizeBytes(begun + 1);
            if (length == sizeBytes) {
                sendPart();
                continue;
            }
            if (length == buffer.length) {
                buffer = Arrays.copyOf(buffer, begun > 0 ? sizeBytes : Math.min(sizeBytes, buffer.length * 2));
            }
            int now = Math.min(source.remaining(), Math.min(sizeBytes, buffer.length) - length);
            source.get(buffer, length, now);
            length += now;
        }
        return taken;
    }

    private void requireOpen() throws ClosedChannelException {
        if (!open || !usable) {
            throw new ClosedChannelException();
        }
    }

    /** A part that is being sent. */
    private record Sending(S3Access.Pending<CompletedPart> answer, byte[] md5, byte[] buffer) {}

    /** Sends what is in the buffer, beside the parts that are under way, and goes on with an empty buffer. */
    private void sendPart() throws IOException {
        int number = begun + 1;
        if (number > PartSizes.MOST_PARTS) {
            throw new StandpipeException(location + ": the image has more than " + PartSizes.MOST_PARTS + " parts, which are all that S3 allows");
        }
        usable = false;
        String id = upload != null ? upload : begin();
        byte[] full = buffer;
        int count = length;
        byte[] md5 = new byte[ObjectDigest.MD5_BYTES];
        sending.add(new Sending(access.begin("uploading part " + number, () -> send(id, number, full, count, md5)), md5, full));
        begun = number;
        length = 0;
        byte[] free = new byte[0];
        while (sending.size() >= PartSizes.inFlight(number + 1)) {
            free = awaitFirst();
        }
        buffer = free;
        usable = true;
    }

    private CompletedPart send(String id, int number, byte[] full, int count, byte[] md5) throws IOException {
        byte[] hash = md5(full, count);
        System.arraycopy(hash, 0, md5, 0, hash.length);
        var uploaded = access.client().uploadPart(
                part -> part.bucket(location.bucket()).key(location.key()).uploadId(id).partNumber(number)
                        .contentLength((long) count).contentMD5(base64(hash)).overrideConfiguration(S3Access.patience(count)),
                body(full, count));
        checkHash(uploaded.eTag(), hash, uploaded.serverSideEncryption(), "part " + number);
        return CompletedPart.builder().partNumber(number).eTag(uploaded.eTag()).build();
    }

    /** Waits until the first of the parts under way is there; returns its buffer. */
    private byte[] awaitFirst() throws IOException {
        Sending first = sending.remove();
        parts.add(first.answer.get());
        ofParts.update(first.md5);
        return first.buffer;
    }

    private String begin() throws IOException {
        String id = access.request("beginning an upload", () -> access.client().createMultipartUpload(
                object -> object.bucket(location.bucket()).key(location.key()).contentType(CONTENT_TYPE)
                        .metadata(Map.of(TOKEN_KEY, token, PartSizes.METADATA_KEY, PartSizes.METADATA_VALUE))
                        .overrideConfiguration(S3Access.patience(0)))).uploadId();
        upload = id;
        return id;
    }

    private static byte[] md5(byte[] bytes, int count) {
        MessageDigest md5 = ObjectDigest.md5();
        md5.update(bytes, 0, count);
        return md5.digest();
    }

    private static String base64(byte[] hash) {
        return Base64.getEncoder().encodeToString(hash);
    }

    /** Returns what is in a buffer, which the SDK reads again if it has to send it again. */
    private static RequestBody body(byte[] bytes, int count) {
        return RequestBody.fromContentProvider(() -> new ByteArrayInputStream(bytes, 0, count), count, CONTENT_TYPE);
    }

    private void checkHash(@Nullable String etag, byte[] md5, @Nullable ServerSideEncryption encryption, String what) throws StandpipeException {
        String hash = etag == null ? "" : ObjectDigest.unquoted(etag);
        boolean isMd5 = ObjectDigest.isMd5(hash) && !ObjectDigest.isOfCiphertext(encryption);
        if (!isMd5) {
            hashesAreMd5 = false;
        }
        if (isMd5 && !hash.equals(ObjectDigest.hex(md5))) {
            throw new StandpipeException(location + ": the store has other bytes than were sent as " + what + ": its MD5 is " + hash
                    + ", expected " + ObjectDigest.hex(md5) + ": try again");
        }
    }

    /** Makes the object visible. */
    @Override
    public synchronized void commit() throws IOException {
        requireOpen();
        if (upload != null && length > 0) {
            sendPart();
        }
        usable = false;
        while (!sending.isEmpty()) {
            awaitFirst();
        }
        if (upload == null) {
            put();
        } else {
            complete(upload);
        }
        committed = true;
    }

    private void put() throws IOException {
        byte[] md5 = md5(buffer, length);
        try {
            var stored = access.request("writing it", () -> access.client().putObject(
                    object -> object.bucket(location.bucket()).key(location.key()).contentType(CONTENT_TYPE)
                            .contentLength((long) length).contentMD5(base64(md5)).metadata(Map.of(TOKEN_KEY, token))
                            .overrideConfiguration(S3Access.patience(length)),
                    body(buffer, length)));
            checkHash(stored.eTag(), md5, stored.serverSideEncryption(), "the object");
        } catch (StandpipeException e) {
            requireWritten(e);
        }
    }

    private void complete(String id) throws IOException {
        String etag;
        try {
            etag = access.request("completing it", () -> access.client().completeMultipartUpload(
                    object -> object.bucket(location.bucket()).key(location.key()).uploadId(id)
                            .multipartUpload(all -> all.parts(parts)).overrideConfiguration(S3Access.patience(0)))).eTag();
        } catch (StandpipeException e) {
            etag = requireWritten(e).eTag();
        }
        if (etag == null || etag.isEmpty()) { // Ceph's before 17 reports none here.
            etag = access.request("looking at it", this::head).eTag();
        }
        checkComposite(ObjectDigest.unquoted(etag));
    }

    private void checkComposite(String etag) throws StandpipeException {
        if (hashesAreMd5 && ObjectDigest.isComposite(etag)) {
            String expected = ObjectDigest.composite(ofParts, parts.size());
            if (!etag.equals(expected)) {
                throw new StandpipeException(location + ": the store has put together another object than was sent: its ETag is " + etag
                        + ", expected " + expected + ": delete it, and try again");
            }
        }
    }

    /** Returns what the store has, if that is what was sent: then only the answer was lost. */
    private HeadObjectResponse requireWritten(StandpipeException failure) throws StandpipeException {
        if (!Thread.currentThread().isInterrupted()) {
            try {
                HeadObjectResponse found = access.request("looking at it", this::head);
                if (token.equals(found.metadata().get(TOKEN_KEY))) {
                    return found;
                }
            } catch (IOException e) {
                failure.addSuppressed(e);
            }
        }
        throw failure;
    }

    private HeadObjectResponse head() {
        return access.client().headObject(
                object -> object.bucket(location.bucket()).key(location.key()).overrideConfiguration(S3Access.patience(0)));
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    /** Ends; without {@link #commit} nothing appears, and the parts are removed, for which the store has some seconds. */
    @Override
    public void close() throws IOException {
        if (!open) {
            return;
        }
        open = false;
        access.stop();
        discard();
    }

    private synchronized void discard() throws IOException {
        try {
            if (!committed && upload != null) {
                abort(upload);
            }
        } finally {
            access.close();
        }
    }

    private void abort(String id) throws IOException {
        try {
            access.cleanUp("discarding its parts", () -> {
                try {
                    access.client().abortMultipartUpload(
                            object -> object.bucket(location.bucket()).key(location.key()).uploadId(id));
                } catch (NoSuchUploadException e) {
                    return false; // Somebody else has, or completing it succeeded after all.
                }
                return true;
            }, CLEANING);
        } catch (StandpipeException e) {
            throw new StandpipeException(e.getMessage() + "; the incomplete upload " + id + " keeps room in the bucket until it is aborted, by hand"
                    + " or by a lifecycle rule", e);
        }
    }
}
