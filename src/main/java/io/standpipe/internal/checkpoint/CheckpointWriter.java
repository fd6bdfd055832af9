// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.checkpoint;

import io.standpipe.CheckpointReport;
import io.standpipe.StandpipeException;
import io.standpipe.UnavailableException;
import io.standpipe.internal.format.BufferRecord;
import io.standpipe.internal.format.FileDescRecord;
import io.standpipe.internal.format.FileTableRecord;
import io.standpipe.internal.format.HeaderRecord;
import io.standpipe.internal.format.Image;
import io.standpipe.internal.format.ImageRecord;
import io.standpipe.internal.format.ImageSink;
import io.standpipe.internal.format.ImageWriter;
import io.standpipe.internal.format.InfoRecord;
import io.standpipe.internal.format.ObjrefRecord;
import io.standpipe.internal.format.SlotsRecord;
import io.standpipe.internal.format.TaskObjsRecord;
import io.standpipe.internal.format.TreeRecord;
import io.standpipe.internal.format.Version;
import io.standpipe.internal.proc.KernelLimits;
import io.standpipe.internal.store.ImageOutput;
import io.standpipe.internal.sys.PageSize;
import io.standpipe.internal.sys.ProcessCalls;
import io.standpipe.internal.sys.Uname;





import java.io.IOException;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;

/**
 * Writes what was collected, in the order of the series: where a description is met first its FILE, where with it a pipe is
 * met first the pipe's state and buffer, then the descriptor.
 */
public final class CheckpointWriter {

    /** What is in a pipe when its turn comes. */
    public interface Payloads {

        /** Goes to a pipe, and settles what there is to tell of it; the same object each time. */
        PipeFound look(SavedPipe pipe) throws IOException;

        /** Moves those bytes to the image. */
        void move(long lengthBytes) throws IOException;

        /** All there is to write of the pipe is written. */
        default void written(long lengthBytes) {}
    }

    private final DescriptorCollector collected;
    private final ImageWriter writer;
    private final Payloads payloads;
    private final BitSet written = new BitSet();
    private int descriptors;
    private long payloadBytes;
    private boolean moving;

    private CheckpointWriter(DescriptorCollector collected, ImageSink sink, Payloads payloads) {
        this.collected = collected;
        this.payloads = payloads;
        writer = new ImageWriter(sink, PageSize.SIZE_BYTES);
    }

    /** Writes an image to where it stays. */
    static CheckpointReport write(DescriptorCollector collected, ImageSink sink, Payloads payloads)
            throws IOException {
        CheckpointWriter writer = new CheckpointWriter(collected, sink, payloads);
        writer.writeAll();
        return writer.report();
    }

    /** The same, to where what was written cannot be taken back: if it fails, the image ends with ERROR and the reason. */
    public static CheckpointReport stream(DescriptorCollector collected, ImageOutput output, Payloads payloads) throws IOException {
        CheckpointWriter writer = new CheckpointWriter(collected, output, payloads);
        try {
            writer.writeAll();
            return writer.report();
        } catch (IOException | RuntimeException e) {
            writer.giveUp(e);
            throw e;
        }
    }

    /** In the middle of a payload there is no place to say it: then the stream just ends. */
    private void giveUp(Exception reason) {
        if (!moving) {
            try {
                writer.giveUp(reason instanceof IOException ? reason.getMessage() : reason.toString());
            } catch (IOException e) {
                reason.addSuppressed(e);
            }
        }
    }

    private void writeAll() throws IOException {
        for (ImageRecord record : heading()) {
            writer.append(record);
        }
        List<SavedProcess> processes = collected.processes();
        checkSize(processes);
        writer.append(new TreeRecord(processes.size()));
        writer.append(TreeRecord.entries(processes.stream().map(SavedProcess::task).toList()));
        for (SavedProcess process : processes) {
            if (isFirst(process.table().objref())) {
                writeTable(process.table());
            }
            writer.append(new TaskObjsRecord(process.table().objref()));
        }
        writer.finish();
    }

    /** What no reader would take is not written. */
    private static void checkSize(List<SavedProcess> processes) throws StandpipeException {
        long descriptors = processes.stream().mapToLong(process -> process.table().descriptors().size()).sum();
        if (processes.size() > TreeRecord.MAX_TASKS || descriptors > Image.MOST_DESCRIPTORS) {
            throw new UnavailableException(
                    processes.size() + " processes with " + descriptors + " descriptors of pipes: an image holds at most "
                            + TreeRecord.MAX_TASKS + " and " + Image.MOST_DESCRIPTORS + "; save them in several",
                    null);
        }
    }

    private void writeTable(SavedTable table) throws IOException {
        ObjrefRecord.write(writer, ObjrefRecord.TYPE_FILE_TABLE, table.objref());
        writer.append(new FileTableRecord(table.descriptors().size()));
        for (SavedDescriptor descriptor : table.descriptors()) {
            if (isFirst(descriptor.description().objref())) {
                writeDescription(descriptor.description());
            }
            FileDescRecord.write(
                    writer, descriptor.description().objref(), descriptor.number(), descriptor.closeOnExec());
            descriptors++;
        }
    }

    private CheckpointReport report() {
        return new CheckpointReport(
                collected.processes().stream().map(process -> process.task().pid()).toList(), descriptors,
                collected.pipes().size(), payloadBytes, writer.lengthBytes(), collected.unseenProcesses(),
                Duration.ZERO, Duration.ZERO);
    }

    /** The records that tell of this machine and of Standpipe. */
    private static List<ImageRecord> heading() throws IOException {
        Uname kernel = ProcessCalls.kernelName();
        int[] numbers = KernelLimits.releaseNumbers(kernel.release());
        boolean x86 = System.getProperty("os.arch").equals("amd64");
        HeaderRecord header = new HeaderRecord(
                x86 ? HeaderRecord.ARCH_X86_64 : HeaderRecord.ARCH_NONE, numbers[0], numbers[1], numbers[2],
                HeaderRecord.UTS_LENGTH, HeaderRecord.UTS_LENGTH, HeaderRecord.UTS_LENGTH,
                System.currentTimeMillis() / 1000, 0);
        return List.of(
                header,
                BufferRecord.ofUts(kernel.release()),
                BufferRecord.ofUts(kernel.version()),
                BufferRecord.ofUts(x86 ? "x86_64" : System.getProperty("os.arch")),
                new InfoRecord(InfoRecord.FORMAT_VERSION, PageSize.SIZE_BYTES, "standpipe", Version.current()));
    }

    private void writeDescription(SavedDescription description) throws IOException {
        ObjrefRecord.write(writer, ObjrefRecord.TYPE_FILE, description.objref());
        description.writeTo(writer);
        if (description.name() != null) {
            writer.append(description.name());
        }
        if (description.owner() != null) {
            writer.append(description.owner());
        }
        if (isFirst(description.pipe().objref())) {
            writePipe(description.pipe());
        }
    }

    private void writePipe(SavedPipe pipe) throws IOException {
        PipeFound found = payloads.look(pipe);
        long queued = found.queuedBytes();
        pipe.writeState(writer, found.capacityBytes(), found.outside(), queued);
        SlotsRecord slots = found.slots();
        if (slots != null) {
            writer.append(slots);
        }
        writer.beginPayload(queued, slots == null ? 0 : slots.phase(PageSize.SIZE_BYTES));
        if (queued > 0) {
            moving = true;
            payloads.move(queued);
            moving = false;
        }
        writer.endPayload(queued);
        payloadBytes += queued;
        payloads.written(queued);
    }

    private boolean isFirst(int objref) {
        boolean first = !written.get(objref);
        written.set(objref);
        return first;
    }
}
