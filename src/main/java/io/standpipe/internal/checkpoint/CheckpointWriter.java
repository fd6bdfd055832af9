// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.checkpoint;

import io.standpipe.CheckpointReport;
import io.standpipe.Image;
import io.standpipe.StandpipeException;
import io.standpipe.UnavailableException;
import io.standpipe.internal.format.FileNameRecord;
import io.standpipe.internal.format.FileRecord;
import io.standpipe.internal.format.HeaderRecord;
import io.standpipe.internal.format.ImageRecord;
import io.standpipe.internal.format.ImageWriter;
import io.standpipe.internal.format.InfoRecord;
import io.standpipe.internal.format.PipeStateRecord;
import io.standpipe.internal.format.ProgramRecord;
import io.standpipe.internal.format.SlotLayout;
import io.standpipe.internal.format.SlotsRecord;
import io.standpipe.internal.format.SmallRecords;
import io.standpipe.internal.format.Task;
import io.standpipe.internal.format.Version;
import io.standpipe.internal.proc.KernelLimits;
import io.standpipe.internal.store.ImageOutput;
import io.standpipe.internal.store.ProgressTracker;
import io.standpipe.internal.sys.PageSize;
import io.standpipe.internal.sys.ProcessCalls;
import io.standpipe.internal.sys.Uname;
import java.io.IOException;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;

/**
 * Writes the records of an image in the order of the series: where a description is met first its FILE, where with it a pipe is met
 * first the pipe's state and buffer, then the descriptor.
 */
final class CheckpointWriter {

    private static final String X86_64 = "x86_64";

    private final Image.Origin origin;
    private final List<Image.Process> processes;
    private final PipeContents contents;
    private final ImageOutput output;
    private final ProgressTracker tracker;
    private final ImageWriter writer;
    private final BitSet written = new BitSet();
    private int descriptors;
    private long payloadBytes;
    private boolean movingPayload;

    /** @param origin of the checkpoint: when and where it was made */
    CheckpointWriter(
            Image.Origin origin, List<Image.Process> processes, PipeContents contents, ImageOutput output, ProgressTracker tracker) {
        this.origin = origin;
        this.processes = processes;
        this.contents = contents;
        this.output = output;
        this.tracker = tracker;
        writer = new ImageWriter(output, PageSize.SIZE_BYTES);
    }

    /**
     * Writes an image.
     *
     * @param notes for the report
     * @param removable whether the image can be removed if this fails; else it ends with ERROR and the reason then
     */
    CheckpointReport write(int inaccessibleProcesses, List<String> notes, boolean removable) throws IOException {
        try {
            writeAll();
        } catch (IOException | RuntimeException e) {
            if (!removable) {
                giveUp(e);
            }
            throw e;
        }
        return new CheckpointReport(
                processes.stream().map(Image.Process::pid).toList(), descriptors, contents.pipes(), payloadBytes,
                writer.lengthBytes(), inaccessibleProcesses, Duration.ZERO, Duration.ZERO, Readers.among(processes), notes);
    }

    /** Returns a report with the times that the writer does not know. */
    static CheckpointReport taking(CheckpointReport report, Duration frozen, Duration writing) {
        return new CheckpointReport(
                report.pids(), report.descriptors(), report.pipes(), report.payloadBytes(), report.imageBytes(),
                report.unseenProcesses(), frozen, writing, report.readers(), report.notes());
    }

    private void giveUp(Exception reason) {
        if (movingPayload) {
            return; // In the middle of a payload there is no place for a record: the stream just ends.
        }
        try {
            writer.giveUp(String.valueOf(reason instanceof IOException ? reason.getMessage() : reason));
        } catch (IOException e) {
            reason.addSuppressed(e);
        }
    }

    private void writeAll() throws IOException {
        for (ImageRecord record : heading()) {
            writer.append(record);
        }
        checkSize();
        writer.append(new SmallRecords.Tree(processes.size()));
        writer.append(SmallRecords.Tree.entries(processes.stream().map(Task::of).toList()));
        for (Image.Process process : processes) {
            if (process.program() != null) {
                writer.append(new ProgramRecord(Task.pid(process), process.program()));
            }
            if (isFirst(process.table().objref())) {
                writeTable(process.table());
            }
            writer.append(new SmallRecords.TaskObjs(process.table().objref()));
        }
        writer.finish();
    }

    /** Throws for an image that no reader would take. */
    private void checkSize() throws StandpipeException {
        long all = processes.stream().mapToLong(process -> process.table().descriptors().size()).sum();
        if (processes.size() > SmallRecords.Tree.MAX_TASKS || all > Image.MOST_DESCRIPTORS) {
            throw new UnavailableException(
                    processes.size() + " processes with " + all + " descriptors of pipes: an image holds at most "
                            + SmallRecords.Tree.MAX_TASKS + " and " + Image.MOST_DESCRIPTORS + "; save them in several",
                    null);
        }
    }

    /** Returns the records about the machine that made the checkpoint, and about Standpipe. */
    private List<ImageRecord> heading() {
        int[] numbers = KernelLimits.releaseNumbers(origin.kernelRelease());
        HeaderRecord header = new HeaderRecord(
                origin.machine().equals(X86_64) ? HeaderRecord.ARCH_X86_64 : HeaderRecord.ARCH_NONE, numbers[0], numbers[1], numbers[2],
                HeaderRecord.UTS_LENGTH, HeaderRecord.UTS_LENGTH, HeaderRecord.UTS_LENGTH, origin.timeSeconds(), 0);
        return List.of(
                header,
                SmallRecords.Buffer.ofUts(origin.kernelRelease()),
                SmallRecords.Buffer.ofUts(origin.kernelVersion()),
                SmallRecords.Buffer.ofUts(origin.machine()),
                new InfoRecord(InfoRecord.FORMAT_VERSION, PageSize.SIZE_BYTES, "standpipe", Version.current()));
    }

    /** Returns this machine, now. */
    static Image.Origin here() throws IOException {
        Uname kernel = ProcessCalls.kernelName();
        String machine = System.getProperty("os.arch").equals("amd64") ? X86_64 : System.getProperty("os.arch");
        return new Image.Origin(System.currentTimeMillis() / 1000, kernel.release(), kernel.version(), machine, null);
    }

    private void writeTable(Image.Table table) throws IOException {
        writer.append(new SmallRecords.Objref(SmallRecords.Objref.FILE_TABLE, table.objref()));
        writer.append(new SmallRecords.FileTable(table.descriptors().size()));
        for (Image.Descriptor descriptor : table.descriptors()) {
            Image.Description description = descriptor.description();
            if (isFirst(description.objref())) {
                writeDescription(description);
            }
            writer.append(new SmallRecords.FileDesc(description.objref(), descriptor.fd(), descriptor.closeOnExec()));
            descriptors++;
        }
    }

    private void writeDescription(Image.Description description) throws IOException {
        writer.append(new SmallRecords.Objref(SmallRecords.Objref.FILE, description.objref()));
        writer.append(FileRecord.of(description));
        if (description.path() != null) {
            writer.append(new FileNameRecord(description.path()));
        }
        if (description.owner() != null) {
            writer.append(new SmallRecords.Owner(description.owner()));
        }
        if (isFirst(description.pipeObjref())) {
            writePipe(description.pipeObjref());
        }
    }

    private void writePipe(int objref) throws IOException {
        Image.Pipe pipe = contents.cloneOf(objref);
        if (pipe.inode() != null) {
            writer.append(PipeStateRecord.of(pipe, pipe.inode()));
        }
        if (pipe.slots() != null) {
            writer.append(new SlotsRecord(objref, pipe.slots()));
        }
        long queued = pipe.payloadBytes();
        writer.beginPayload(queued, pipe.slots() == null ? 0 : SlotLayout.phaseBytes(pipe.slots(), PageSize.SIZE_BYTES));
        if (queued > 0) {
            movingPayload = true;
            contents.moveTo(output, queued, pipe.slots() != null && pipe.slots().hasPackets());
            movingPayload = false;
        }
        writer.endPayload(queued);
        payloadBytes += queued;
        tracker.pipe(queued);
    }

    private boolean isFirst(int objref) {
        boolean first = !written.get(objref);
        written.set(objref);
        return first;
    }
}
