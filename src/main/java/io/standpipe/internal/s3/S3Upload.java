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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
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
 * are there, through one buffer, and appears when the store puts the parts together.
 */
public final class S3Upload implements ImageStore.Writing {

    private static final String TOKEN_KEY = "standpipe-upload";
    private static final String CONTENT_TYPE = "application/octet-stream";
    private static final int FIRST_BUFFER_BYTES = 256 << 10;
    private static final Duration CLEANING = Duration.ofSeconds(15);

    private final S3Access access;
    private final S3Location location;
    /** By which an object is known as this one, where the answer to its completion is lost. */
    private final String token = UUID.randomUUID().toString();
    private final List<CompletedPart> parts = new ArrayList<>();
    private final MessageDigest ofParts = ObjectDigest.md5();
    private byte[] buffer = new byte[FIRST_BUFFER_BYTES];
    private int length;
    private @Nullable String upload;
    private boolean hashesAreMd5 = true;
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
            int sizeBytes = PartSizes.sizeBytes(parts.size() + 1);
            if (length == sizeBytes) {
                uploadPart();
                continue;
            }
            if (length == buffer.length) {
                buffer = Arrays.copyOf(buffer, Math.min(sizeBytes, buffer.length * 2));
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

    private void uploadPart() throws IOException {
        int number = parts.size() + 1;
        if (number > PartSizes.MOST_PARTS) {
            throw new StandpipeException(location + ": the image has more than " + PartSizes.MOST_PARTS + " parts, which are all that S3 allows");
        }
        usable = false;
        String id = upload != null ? upload : begin();
        byte[] md5 = md5();
        var uploaded = access.request("uploading part " + number, () -> access.client().uploadPart(
                part -> part.bucket(location.bucket()).key(location.key()).uploadId(id).partNumber(number)
                        .contentLength((long) length).contentMD5(base64(md5)).overrideConfiguration(S3Access.patience(length)),
                body()));
        checkHash(uploaded.eTag(), md5, uploaded.serverSideEncryption(), "part " + number);
        ofParts.update(md5);
        parts.add(CompletedPart.builder().partNumber(number).eTag(uploaded.eTag()).build());
        length = 0;
        usable = true;
    }

    private String begin() throws IOException {
        String id = access.request("beginning an upload", () -> access.client().createMultipartUpload(
                object -> object.bucket(location.bucket()).key(location.key()).contentType(CONTENT_TYPE)
                        .metadata(Map.of(TOKEN_KEY, token, PartSizes.METADATA_KEY, PartSizes.METADATA_VALUE))
                        .overrideConfiguration(S3Access.patience(0)))).uploadId();
        upload = id;
        return id;
    }

    private byte[] md5() {
        MessageDigest md5 = ObjectDigest.md5();
        md5.update(buffer, 0, length);
        return md5.digest();
    }

    private static String base64(byte[] hash) {
        return Base64.getEncoder().encodeToString(hash);
    }

    /** Returns what is in the buffer, which the SDK reads again if it has to send it again. */
    private RequestBody body() {
        byte[] bytes = buffer;
        int count = length;
        return RequestBody.fromContentProvider(() -> new ByteArrayInputStream(bytes, 0, count), count, CONTENT_TYPE);
    }

    private void checkHash(@Nullable String etag, byte[] md5, @Nullable ServerSideEncryption encryption, String what) throws StandpipeException {
        String hash = etag == null ? "" : ObjectDigest.unquoted(etag);
        boolean isMd5 = ObjectDigest.isMd5(hash) && !ObjectDigest.isOfCiphertext(encryption);
        hashesAreMd5 &= isMd5;
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
            uploadPart();
        }
        usable = false;
        if (upload == null) {
            put();
        } else {
            complete(upload);
        }
        committed = true;
    }

    private void put() throws IOException {
        byte[] md5 = md5();
        try {
            var stored = access.request("writing it", () -> access.client().putObject(
                    object -> object.bucket(location.bucket()).key(location.key()).contentType(CONTENT_TYPE)
                            .contentLength((long) length).contentMD5(base64(md5)).metadata(Map.of(TOKEN_KEY, token))
                            .overrideConfiguration(S3Access.patience(length)),
                    body()));
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
