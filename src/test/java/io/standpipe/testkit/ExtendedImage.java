// SPDX-License-Identifier: Apache-2.0
package io.standpipe.testkit;

import io.standpipe.internal.format.BufferRecord;
import io.standpipe.internal.format.FileDescRecord;
import io.standpipe.internal.format.FileRecord;
import io.standpipe.internal.format.FileTableRecord;
import io.standpipe.internal.format.HeaderRecord;
import io.standpipe.internal.format.ImageSink;
import io.standpipe.internal.format.ImageWriter;
import io.standpipe.internal.format.InfoRecord;
import io.standpipe.internal.format.ObjrefRecord;
import io.standpipe.internal.format.PipeStateRecord;
import io.standpipe.internal.format.SlotsRecord;
import io.standpipe.internal.format.TaskObjsRecord;
import io.standpipe.internal.format.TreeRecord;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Images with extension records, as the writer makes them on a machine with pages of any size. */
public final class ExtendedImage {

    /** The objref of the only pipe. */
    public static final int PIPE = 3;

    private static final int TABLE = 1;
    private static final int READ_END = 2;
    private static final int WRITE_END = 4;

    private ExtendedImage() {}

    /**
     * Both ends of a pipe.
     *
     * @param slots null where the bytes lie as writing them lays them
     */
    public static byte[] onePipe(
            int pageSize, int readNumber, int writeNumber, int capacity, SlotsRecord slots, byte[] payload)
            throws IOException {
        return onePipe("x86_64", 1, pageSize, readNumber, writeNumber, capacity, slots, payload);
    }

    /** Both ends of a pipe, taken on a machine of any kind, by whose numbers the write end has its flags. */
    public static byte[] onePipe(String machine, int writeFlags, int readNumber, int writeNumber, byte[] payload)
            throws IOException {
        return onePipe(machine, writeFlags, 4096, readNumber, writeNumber, 65_536, null, payload);
    }

    private static byte[] onePipe(
            String machine, int writeFlags, int pageSize, int readNumber, int writeNumber, int capacity,
            SlotsRecord slots, byte[] payload)
            throws IOException {
        Memory image = new Memory();
        ImageWriter writer = new ImageWriter(image, pageSize);
        writer.append(new HeaderRecord(2, 6, 8, 12, 65, 65, 65, 1_700_000_000L, 0));
        for (String text : List.of("6.8.12", "#1 SMP", machine)) {
            writer.append(BufferRecord.ofUts(text));
        }
        writer.append(new InfoRecord(InfoRecord.FORMAT_VERSION, pageSize, "test", "1"));
        writer.append(new TreeRecord(1));
        writer.append(TreeRecord.entries(List.of(new TreeRecord.Task(100, 1, 100, 100, 1, 0))));
        writer.append(new ObjrefRecord(ObjrefRecord.TYPE_FILE_TABLE, TABLE));
        writer.append(new FileTableRecord(2));
        writer.append(new ObjrefRecord(ObjrefRecord.TYPE_FILE, READ_END));
        writer.append(new FileRecord(FileRecord.TYPE_PIPE, FileRecord.modeOf(0), 0, 0, PIPE));
        writer.append(new PipeStateRecord(
                PIPE, capacity, 13, 1, own("unix:uid"), own("unix:gid"), 0010600, 0, payload.length, 0));
        if (slots != null) {
            writer.append(slots);
        }
        writer.beginPayload(payload.length, slots == null ? 0 : slots.phase(pageSize));
        image.bytes.write(payload);
        writer.endPayload(payload.length);
        writer.append(new FileDescRecord(READ_END, readNumber, false));
        writer.append(new ObjrefRecord(ObjrefRecord.TYPE_FILE, WRITE_END));
        writer.append(new FileRecord(FileRecord.TYPE_PIPE, FileRecord.modeOf(1), writeFlags, 0, PIPE));
        writer.append(new FileDescRecord(WRITE_END, writeNumber, false));
        writer.append(new TaskObjsRecord(TABLE));
        writer.finish();
        return image.bytes.toByteArray();
    }

    private static int own(String attribute) throws IOException {
        return (int) Files.getAttribute(Path.of("/proc/self"), attribute);
    }

    private static final class Memory implements ImageSink {

        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        @Override
        public ByteBuffer allocate(int sizeBytes) {
            return ByteBuffer.allocate(sizeBytes);
        }

        @Override
        public void write(long offsetBytes, ByteBuffer from) {
            byte[] written = new byte[from.remaining()];
            from.get(written);
            bytes.writeBytes(written);
        }
    }
}
