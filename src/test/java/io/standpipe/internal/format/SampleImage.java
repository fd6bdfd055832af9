// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.format;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

/** Images as the writer under test makes them, with all extension records. */
final class SampleImage {

    static final TreeRecord.Task PARENT = new TreeRecord.Task(100, 1, 100, 100, 1, 0);
    static final TreeRecord.Task CHILD = new TreeRecord.Task(101, 100, 101, 100, 1, 1);
    static final HeaderRecord HEADER = new HeaderRecord(2, 6, 8, 12, 65, 65, 65, 1_700_000_000L, 0);
    static final InfoRecord INFO = new InfoRecord(InfoRecord.FORMAT_VERSION, 4096, "standpipe", "0.1");
    static final OwnerRecord OWNER = new OwnerRecord(OwnerRecord.TYPE_PROCESS, 100, 34);

    private SampleImage() {}

    /** One process with the read end of a pipe for each payload: FILE 2, 4, ... and pipe 3, 5, ... */
    static MemoryImage ofPipes(int... payloadBytes) throws IOException {
        MemoryImage image = new MemoryImage();
        ImageWriter writer = begin(image, List.of(PARENT), payloadBytes.length);
        for (int i = 0; i < payloadBytes.length; i++) {
            writer.append(new ObjrefRecord(ObjrefRecord.TYPE_FILE, 2 * i + 2));
            writer.append(new FileRecord(FileRecord.TYPE_PIPE, 1, 0, 0, 2 * i + 3));
            putPipe(image, writer, 2 * i + 3, payload(payloadBytes[i]));
            writer.append(new FileDescRecord(2 * i + 2, i, false));
        }
        writer.append(new TaskObjsRecord(1));
        writer.finish();
        return image;
    }

    /** Two processes with one table: descriptors 0 and 5 are one description, 7 is the pipe's other end. */
    static MemoryImage ofSharedTable(byte[] payload) throws IOException {
        MemoryImage image = new MemoryImage();
        ImageWriter writer = begin(image, List.of(PARENT, CHILD), 3);
        writer.append(new ObjrefRecord(ObjrefRecord.TYPE_FILE, 2));
        writer.append(new FileRecord(FileRecord.TYPE_PIPE, 1, 0, 0, 3));
        putPipe(image, writer, 3, payload);
        writer.append(new FileDescRecord(2, 0, false));
        writer.append(new FileDescRecord(2, 5, true));
        writer.append(new ObjrefRecord(ObjrefRecord.TYPE_FILE, 4));
        writer.append(new FileRecord(FileRecord.TYPE_PIPE, 2, 0x801, 0, 3));
        writer.append(new FileDescRecord(4, 7, false));
        writer.append(new TaskObjsRecord(1));
        writer.append(new TaskObjsRecord(1));
        writer.finish();
        return image;
    }

    /** One process with the read end of a FIFO that has lost its name: FILE 2 with an owner, pipe 3 with slots. */
    static MemoryImage ofFifo(SlotsRecord slots, byte[] payload) throws IOException {
        MemoryImage image = new MemoryImage();
        ImageWriter writer = begin(image, List.of(PARENT), 1);
        writer.append(new ObjrefRecord(ObjrefRecord.TYPE_FILE, 2));
        writer.append(new FileRecord(FileRecord.TYPE_FIFO, 1, 0, 1, 3));
        writer.append(new FileNameRecord("/tmp/fifo".getBytes(StandardCharsets.UTF_8)));
        writer.append(OWNER);
        writer.append(state(3, payload.length, PipeStateRecord.FLAG_NAMELESS));
        writer.append(slots);
        image.putPayload(writer, payload, slots.phase(4096));
        writer.append(new FileDescRecord(2, 0, false));
        writer.append(new TaskObjsRecord(1));
        writer.finish();
        return image;
    }

    static PipeStateRecord state(int pipeObjref, int queuedBytes) {
        return state(pipeObjref, queuedBytes, 0);
    }

    static PipeStateRecord state(int pipeObjref, int queuedBytes, int flags) {
        return new PipeStateRecord(
                pipeObjref, 1 << 20, 13, 4711, 1000, 1001, 0x1180, PipeStateRecord.OUTSIDE_LOOKED_FOR, queuedBytes,
                flags);
    }

    static byte[] payload(int lengthBytes) {
        byte[] payload = new byte[lengthBytes];
        new Random(lengthBytes).nextBytes(payload);
        return payload;
    }

    private static ImageWriter begin(MemoryImage image, List<TreeRecord.Task> tasks, int descriptors)
            throws IOException {
        ImageWriter writer = new ImageWriter(image, 4096);
        writer.append(HEADER);
        writer.append(BufferRecord.ofUts("6.8.12"));
        writer.append(BufferRecord.ofUts("#1 SMP"));
        writer.append(BufferRecord.ofUts("x86_64"));
        writer.append(INFO);
        writer.append(new TreeRecord(tasks.size()));
        writer.append(TreeRecord.entries(tasks));
        writer.append(new ObjrefRecord(ObjrefRecord.TYPE_FILE_TABLE, 1));
        writer.append(new FileTableRecord(descriptors));
        return writer;
    }

    private static void putPipe(MemoryImage image, ImageWriter writer, int objref, byte[] payload) throws IOException {
        writer.append(state(objref, payload.length));
        image.putPayload(writer, payload);
    }
}
