// SPDX-License-Identifier: Apache-2.0
package io.standpipe.testkit;

import io.standpipe.Image;
import io.standpipe.Slots;
import io.standpipe.internal.format.FileNameRecord;
import io.standpipe.internal.format.FileRecord;
import io.standpipe.internal.format.HeaderRecord;
import io.standpipe.internal.format.ImageWriter;
import io.standpipe.internal.format.InfoRecord;
import io.standpipe.internal.format.PipeStateRecord;
import io.standpipe.internal.format.SlotLayout;
import io.standpipe.internal.format.SlotsRecord;
import io.standpipe.internal.format.SmallRecords;
import io.standpipe.internal.format.Task;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Images that {@link ImageWriter} has written, with all extension records. */
public final class SampleImage {

    public static final Task PARENT = new Task(100, 1, 100, 100, 1, 0);
    public static final Task CHILD = new Task(101, 100, 101, 100, 1, 1);
    public static final HeaderRecord HEADER = new HeaderRecord(2, 6, 8, 12, 65, 65, 65, 1_700_000_000L, 0);
    public static final InfoRecord INFO = new InfoRecord(InfoRecord.FORMAT_VERSION, 4096, "standpipe", "0.1");
    public static final Image.Owner OWNER = new Image.Owner(Image.Owner.Type.PROCESS, 100, 34);

    /** The objref of the pipe of {@link #onePipe}. */
    public static final int PIPE = 3;

    private static final int TABLE = 1;
    private static final int READ_END = 2;
    private static final int WRITE_END = 4;
    private static final int PAGE_BYTES = 4096;
    private static final String MACHINE = "x86_64";

    private SampleImage() {}

    /** Returns one process with the read end of a pipe for each payload: FILE 2, 4, ... and pipe 3, 5, ... */
    public static CheckedImage ofPipes(int... payloadBytes) throws IOException {
        CheckedImage image = new CheckedImage();
        ImageWriter writer = begin(image, List.of(PARENT), payloadBytes.length);
        for (int i = 0; i < payloadBytes.length; i++) {
            writer.append(new SmallRecords.Objref(SmallRecords.Objref.FILE, 2 * i + 2));
            writer.append(new FileRecord(FileRecord.TYPE_PIPE, 1, 0, 0, 2 * i + 3));
            putPipe(image, writer, 2 * i + 3, RandomBytes.of(payloadBytes[i]));
            writer.append(new SmallRecords.FileDesc(2 * i + 2, i, false));
        }
        writer.append(new SmallRecords.TaskObjs(TABLE));
        writer.finish();
        return image;
    }

    /** Returns two processes with one table: fds 0 and 5 are one description of a pipe's read end, fd 7 is the write end. */
    public static CheckedImage ofSharedTable(byte[] payload) throws IOException {
        CheckedImage image = new CheckedImage();
        ImageWriter writer = begin(image, List.of(PARENT, CHILD), 3);
        writer.append(new SmallRecords.Objref(SmallRecords.Objref.FILE, 2));
        writer.append(new FileRecord(FileRecord.TYPE_PIPE, 1, 0, 0, 3));
        putPipe(image, writer, 3, payload);
        writer.append(new SmallRecords.FileDesc(2, 0, false));
        writer.append(new SmallRecords.FileDesc(2, 5, true));
        writer.append(new SmallRecords.Objref(SmallRecords.Objref.FILE, 4));
        writer.append(new FileRecord(FileRecord.TYPE_PIPE, 2, 0x801, 0, 3));
        writer.append(new SmallRecords.FileDesc(4, 7, false));
        writer.append(new SmallRecords.TaskObjs(TABLE));
        writer.append(new SmallRecords.TaskObjs(TABLE));
        writer.finish();
        return image;
    }

    /** Returns one process with the read end of an unlinked FIFO: FILE 2 with an owner, pipe 3 with slots. */
    public static CheckedImage ofFifo(SlotsRecord slots, byte[] payload) throws IOException {
        CheckedImage image = new CheckedImage();
        ImageWriter writer = begin(image, List.of(PARENT), 1);
        writer.append(new SmallRecords.Objref(SmallRecords.Objref.FILE, 2));
        writer.append(new FileRecord(FileRecord.TYPE_FIFO, 1, 0, 1, 3));
        writer.append(new FileNameRecord("/tmp/fifo".getBytes(StandardCharsets.UTF_8)));
        writer.append(new SmallRecords.Owner(OWNER));
        writer.append(state(3, payload.length, true));
        writer.append(slots);
        image.putPayload(writer, payload, SlotLayout.phaseBytes(slots.slots(), PAGE_BYTES));
        writer.append(new SmallRecords.FileDesc(2, 0, false));
        writer.append(new SmallRecords.TaskObjs(TABLE));
        writer.finish();
        return image;
    }

    /**
     * Returns one process with both ends of a pipe that belongs to this user, from a machine with pages of any size.
     *
     * @param slots null if the payload lies as one write lays it
     */
    public static byte[] onePipe(
            int pageBytes, int readFd, int writeFd, int capacityBytes, @Nullable Slots slots, byte[] payload)
            throws IOException {
        return onePipe(MACHINE, 1, pageBytes, readFd, writeFd, capacityBytes, slots, payload);
    }

    /**
     * Returns one process with both ends of a pipe that belongs to this user, from a machine of any architecture.
     *
     * @param writeFlags the write end's status flags, as that architecture encodes them
     */
    public static byte[] onePipe(String machine, int writeFlags, int readFd, int writeFd, byte[] payload)
            throws IOException {
        return onePipe(machine, writeFlags, PAGE_BYTES, readFd, writeFd, 65_536, null, payload);
    }

    private static byte[] onePipe(
            String machine, int writeFlags, int pageBytes, int readFd, int writeFd, int capacityBytes,
            @Nullable Slots slots, byte[] payload)
            throws IOException {
        CheckedImage image = new CheckedImage();
        InfoRecord info = new InfoRecord(InfoRecord.FORMAT_VERSION, pageBytes, "test", "1");
        ImageWriter writer = begin(image, machine, info, List.of(PARENT), 2);
        writer.append(new SmallRecords.Objref(SmallRecords.Objref.FILE, READ_END));
        writer.append(new FileRecord(FileRecord.TYPE_PIPE, 1, 0, 0, PIPE));
        Image.Inode inode = new Image.Inode(13, 1, own("unix:uid"), own("unix:gid"), 0010600);
        writer.append(new PipeStateRecord(
                PIPE, capacityBytes, inode, Image.ExternalEnds.UNKNOWN, payload.length, false));
        if (slots != null) {
            writer.append(new SlotsRecord(PIPE, slots));
        }
        image.putPayload(writer, payload, slots == null ? 0 : SlotLayout.phaseBytes(slots, pageBytes));
        writer.append(new SmallRecords.FileDesc(READ_END, readFd, false));
        writer.append(new SmallRecords.Objref(SmallRecords.Objref.FILE, WRITE_END));
        writer.append(new FileRecord(FileRecord.TYPE_PIPE, 2, writeFlags, 0, PIPE));
        writer.append(new SmallRecords.FileDesc(WRITE_END, writeFd, false));
        writer.append(new SmallRecords.TaskObjs(TABLE));
        writer.finish();
        return image.bytes();
    }

    /** Returns the PIPE_STATE of the pipes of {@link #ofPipes} and {@link #ofSharedTable}. */
    public static PipeStateRecord state(int pipeObjref, int queuedBytes) {
        return state(pipeObjref, queuedBytes, false);
    }

    /** Returns the PIPE_STATE of the pipe of {@link #ofFifo}, if it is unlinked. */
    public static PipeStateRecord state(int pipeObjref, int queuedBytes, boolean unlinked) {
        return new PipeStateRecord(
                pipeObjref, 1 << 20, new Image.Inode(13, 4711, 1000, 1001, 0x1180),
                new Image.ExternalEnds(true, false, false), queuedBytes, unlinked);
    }

    private static ImageWriter begin(CheckedImage image, List<Task> tasks, int descriptors)
            throws IOException {
        return begin(image, MACHINE, INFO, tasks, descriptors);
    }

    private static ImageWriter begin(
            CheckedImage image, String machine, InfoRecord info, List<Task> tasks, int descriptors)
            throws IOException {
        ImageWriter writer = new ImageWriter(image, info.pageSizeBytes());
        writer.append(HEADER);
        for (String text : List.of("6.8.12", "#1 SMP", machine)) {
            writer.append(SmallRecords.Buffer.ofUts(text));
        }
        writer.append(info);
        writer.append(new SmallRecords.Tree(tasks.size()));
        writer.append(SmallRecords.Tree.entries(tasks));
        writer.append(new SmallRecords.Objref(SmallRecords.Objref.FILE_TABLE, TABLE));
        writer.append(new SmallRecords.FileTable(descriptors));
        return writer;
    }

    private static void putPipe(CheckedImage image, ImageWriter writer, int objref, byte[] payload) throws IOException {
        writer.append(state(objref, payload.length));
        image.putPayload(writer, payload);
    }

    private static int own(String attribute) throws IOException {
        return (int) Files.getAttribute(Path.of("/proc/self"), attribute);
    }
}
