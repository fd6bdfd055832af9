// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.format;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * Lays records out one behind the other, gathers those between two payloads into one write, and keeps the digest. Payload
 * itself never passes through here: {@link #beginPayload} says where it belongs.
 */
public final class ImageWriter {

    private static final int GATHERED_PAGES = 4;
    private static final byte[] ZEROES = new byte[4096];

    private final ImageSink sink;
    private final int pageSizeBytes;
    private final RecordFields body = new RecordFields();
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

    /** Bytes of the image so far, payload included. */
    public long lengthBytes() {
        return flushedTo + gathered.position();
    }

    private void allocate(int bytes) {
        gathered = sink.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Adds a record, all of it or nothing. */
    public void append(ImageRecord record) throws IOException {
        int length = record.lengthBytes();
        int start = begin(record.type(), length, length);
        try {
            record.encodeBody(body.over(gathered, start, length));
        } catch (RuntimeException e) {
            gathered.position(start);
            throw e;
        }
    }

    /**
     * Adds the header of a PIPE_BUF, padding before it where the payload is to begin at its place in a page; all that was
     * gathered is written.
     *
     * @param phaseBytes that place; payload below a page begins anywhere
     * @return where in the image the payload belongs
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

    /** Says that the payload is in its place. */
    public void endPayload(long payloadBytes) {
        flushedTo += payloadBytes;
    }

    /** Adds DIGEST and TAIL, and writes what is still gathered. */
    public void finish() throws IOException {
        digestGathered();
        append(new DigestRecord(DigestRecord.CRC_32C, (int) crc.getValue(), covered));
        append(new TailRecord());
        flush();
    }

    /** Ends an image that cannot be finished: whoever reads it is told, and why. Not between a payload's beginning and end. */
    public void giveUp(String reason) throws IOException {
        append(new ErrorRecord());
        append(StringRecord.of(reason));
        flush();
    }

    /** Pads so that the byte behind a PIPE_BUF header that follows has its place in a page. */
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

    /** Adds a record's header, and zeroes behind it, of which there are as many as are gathered here; returns where it begins. */
    private int begin(int type, int bytesHere, long lengthBytes) throws IOException {
        makeRoom(bytesHere);
        int start = gathered.position();
        gathered.putInt(type).putInt((int) lengthBytes);
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

    /** What could not be written is not tried again: how much of it was is not known. */
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
