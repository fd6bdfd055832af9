// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.format;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import java.util.zip.CRC32C;

/**
 * Writes records one behind the other, those between two payloads by one call, and computes the digest. Payload does not pass
 * through here: {@link #beginPayload} returns where it belongs.
 */
public final class ImageWriter {

    /** Where an image's records go, in order. Payload goes there past the writer. */
    public interface Sink {

        /** Returns memory, with anything in it, of which {@link #write} can be given parts. */
        ByteBuffer allocate(int sizeBytes);

        /**
         * Takes bytes of records.
         *
         * @param offsetBytes their place in the image: behind all that came before, payload included
         * @param bytes the memory last allocated here, of which all between position and limit is meant
         */
        void write(long offsetBytes, ByteBuffer bytes) throws IOException;
    }

    private static final int GATHERED_PAGES = 4;
    private static final byte[] ZEROES = new byte[4096];

    private final Sink sink;
    private final int pageSizeBytes;
    private ByteBuffer gathered;
    private int recordStart;
    private int recordLength;
    private final CRC32C crc = new CRC32C();
    private long flushedTo;
    private long covered;
    private int digested;

    /** @param pageSizeBytes the boundary where payload of a page or more begins */
    public ImageWriter(Sink sink, int pageSizeBytes) {
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
        recordStart = gathered.position();
        try {
            record.encode(this);
        } catch (RuntimeException e) {
            gathered.position(recordStart);
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
        append(new SmallRecords.Digest((int) crc.getValue(), covered));
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
        if (gap > 0) {
            begin(RecordType.PAD, gap < ImageRecord.HEADER_LENGTH ? gap + pageSizeBytes : gap);
        }
    }

    /** Begins a record of a type that has one length. */
    void begin(RecordType type) throws IOException {
        begin(type, type.lengthBytes());
    }

    /** Begins a record: its header, with zeroes behind it. Offsets of fields count from its start. */
    void begin(RecordType type, int lengthBytes) throws IOException {
        begin(type, lengthBytes, lengthBytes);
    }

    /** @param bytesHere how many bytes of the record are gathered: all but payload */
    private void begin(RecordType type, int bytesHere, long lengthBytes) throws IOException {
        makeRoom(bytesHere);
        recordStart = gathered.position();
        recordLength = bytesHere;
        gathered.putInt(type.code()).putInt((int) lengthBytes);
        for (int left = bytesHere - ImageRecord.HEADER_LENGTH; left > 0; left -= ZEROES.length) {
            gathered.put(ZEROES, 0, Math.min(ZEROES.length, left));
        }
    }

    /** @throws IndexOutOfBoundsException for a field beyond the end of the record */
    private int index(int offset, int bytes) {
        return recordStart + Objects.checkFromIndexSize(offset, bytes, recordLength);
    }

    void putShort(int offset, int value) {
        gathered.putShort(index(offset, Short.BYTES), (short) value);
    }

    void putInt(int offset, int value) {
        gathered.putInt(index(offset, Integer.BYTES), value);
    }

    /** Writes two fields, the second right behind the first. */
    void putInts(int offset, int first, int second) {
        putLong(offset, Integer.toUnsignedLong(first) | (long) second << Integer.SIZE);
    }

    void putLong(int offset, long value) {
        gathered.putLong(index(offset, Long.BYTES), value);
    }

    void put(int offset, byte[] bytes, int count) {
        gathered.put(index(offset, count), bytes, 0, count);
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
            recordStart = 0;
        }
        flushedTo += length;
    }
}
