// SPDX-License-Identifier: Apache-2.0
package io.standpipe.image;

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
    private static final int USUAL_RECORD_BYTES = 512;
    private static final byte[] ZEROES = new byte[4096];

    private final ImageSink sink;
    private final int pageSizeBytes;
    private ByteBuffer gathered;
    private ByteBuffer record = ByteBuffer.allocate(USUAL_RECORD_BYTES).order(ByteOrder.LITTLE_ENDIAN);
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
        gathered = sink.allocate(GATHERED_PAGES * pageSizeBytes);
    }

    /** Bytes of the image so far, payload included. */
    public long lengthBytes() {
        return flushedTo + gathered.position();
    }

    /** Adds a record. */
    public void append(ImageRecord record) throws IOException {
        int length = record.lengthBytes();
        ByteBuffer bytes = blank(record.type(), length, length);
        record.encodeBody(bytes);
        makeRoom(length);
        gathered.put(bytes.rewind());
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
        header(RecordType.PIPE_BUF, ImageRecord.HEADER_LENGTH + payloadBytes);
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
        makeRoom(gap);
        header(RecordType.PAD, gap);
        for (int left = gap - ImageRecord.HEADER_LENGTH; left > 0; left -= ZEROES.length) {
            gathered.put(ZEROES, 0, Math.min(ZEROES.length, left));
        }
    }

    private void header(int type, long lengthBytes) throws IOException {
        makeRoom(ImageRecord.HEADER_LENGTH);
        gathered.put(blank(type, ImageRecord.HEADER_LENGTH, lengthBytes));
    }

    /** Where one record after another is laid out: zeroes behind its header, of which there is as much as said. */
    private ByteBuffer blank(int type, int bytesHere, long lengthBytes) {
        if (record.capacity() < bytesHere) {
            record = ByteBuffer.allocate(bytesHere).order(ByteOrder.LITTLE_ENDIAN);
        }
        record.clear().limit(bytesHere);
        for (int done = 0; done < bytesHere; done += ZEROES.length) {
            record.put(done, ZEROES, 0, Math.min(ZEROES.length, bytesHere - done));
        }
        record.putInt(ImageRecord.TYPE_OFFSET, type);
        record.putInt(ImageRecord.LENGTH_OFFSET, (int) lengthBytes);
        return record;
    }

    private void makeRoom(int bytes) throws IOException {
        if (gathered.remaining() < bytes) {
            flush();
        }
        if (gathered.capacity() < bytes) {
            gathered = sink.allocate(bytes);
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
