// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.format;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * Writes records one behind the other, those between two payloads by one call, and computes the digest. Payload does not pass
 * through here: {@link #beginPayload} returns where it belongs.
 */
public final class ImageWriter {

    private static final int GATHERED_PAGES = 4;
    private static final byte[] ZEROES = new byte[4096];

    private final ImageSink sink;
    private final int pageSizeBytes;
    private final RecordFields fields = new RecordFields();
    private ByteBuffer gathered;
    private final CRC32C crc = new CRC32C();
    private long flushedTo;
    private long covered;
    private int digested;

    /**
     * @param pageSizeBytes the boundary where payload of a page or more begins
     */
    public ImageWriter(ImageSink sink, int pageSizeBytes) {
        this.sink = sink;
        this.pageSizeBytes = pageSizeBytes;
        allocate(GATHERED_PAGES * pageSizeBytes);
    }

    /** Returns the length of the image so far, payload included. */
    public long lengthBytes() {
        return flushedTo + gathered.position();
    }

    private void allocate(int bytes) {
        gathered = sink.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Writes a record; if it cannot be encoded, nothing of it is written. */
    public void append(ImageRecord record) throws IOException {
        int length = record.lengthBytes();
        int start = begin(record.type(), length, length);
        try {
            record.encodeBody(fields.at(gathered, start, length));
        } catch (RuntimeException e) {
            gathered.position(start);
            throw e;
        }
    }

    /**
     * Writes the header of a PIPE_BUF, and all that was gathered before it. The payload goes right behind it.
     *
     * @param phaseBytes the payload's place in a page, for which a PAD is written; payload below a page begins anywhere
     * @return offset of the payload in the image
     */
    public long beginPayload(long payloadBytes, int phaseBytes) throws IOException {
        if (payloadBytes >= pageSizeBytes) {
            pad(phaseBytes);
        }
        begin(RecordType.PIPE_BUF, ImageRecord.HEADER_LENGTH, ImageRecord.HEADER_LENGTH + payloadBytes);
        if (payloadBytes > 0) {
            flush();
        }
        return lengthBytes();
    }

    /** Accounts for the payload, which is in its place now. */
    public void endPayload(long payloadBytes) {
        flushedTo += payloadBytes;
    }

    /** Writes DIGEST and TAIL. */
    public void finish() throws IOException {
        digestGathered();
        append(new DigestRecord(DigestRecord.CRC_32C, (int) crc.getValue(), covered));
        append(new SmallRecords.Tail());
        flush();
    }

    /** Writes ERROR and the reason, in place of the rest of the image. Not to be called within a payload. */
    public void giveUp(String reason) throws IOException {
        append(new SmallRecords.Error());
        append(SmallRecords.Text.of(reason));
        flush();
    }

    /** Writes a PAD so that the byte behind a PIPE_BUF header that follows has its place in a page. */
    private void pad(int phaseBytes) throws IOException {
        long here = lengthBytes() + ImageRecord.HEADER_LENGTH;
        int gap = (int) Math.floorMod(phaseBytes - here, (long) pageSizeBytes);
        if (gap == 0) {
            return;
        }
        if (gap < ImageRecord.HEADER_LENGTH) {
            gap += pageSizeBytes;
        }
        begin(RecordType.PAD, gap, gap);
    }

    /**
     * Gathers the header of a record, with zeroes behind it.
     *
     * @param bytesHere how many bytes of the record are gathered
     * @return where in the gathered bytes the record begins
     */
    private int begin(RecordType type, int bytesHere, long lengthBytes) throws IOException {
        makeRoom(bytesHere);
        int start = gathered.position();
        gathered.putInt(type.code()).putInt((int) lengthBytes);
        for (int left = bytesHere - ImageRecord.HEADER_LENGTH; left > 0; left -= ZEROES.length) {
            gathered.put(ZEROES, 0, Math.min(ZEROES.length, left));
        }
        return start;
    }

    private void makeRoom(int bytes) throws IOException {
        if (gathered.remaining() < bytes) {
            flush();
        }
        if (gathered.capacity() < bytes) {
            allocate(bytes);
        }
    }

    private void digestGathered() {
        int end = gathered.position();
        crc.update(gathered.limit(end).position(digested));
        gathered.limit(gathered.capacity());
        covered += end - digested;
        digested = end;
    }

    /** Writes what was gathered. What fails is not tried again, since nobody knows how much of it was written. */
    private void flush() throws IOException {
        digestGathered();
        gathered.flip();
        int length = gathered.limit();
        try {
            if (length > 0) {
                sink.write(flushedTo, gathered);
            }
        } finally {
            gathered.clear();
            digested = 0;
        }
        flushedTo += length;
    }
}
