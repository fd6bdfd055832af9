// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.checkpoint;

import io.standpipe.CancelledException;
import io.standpipe.CheckpointReport;
import io.standpipe.Image;
import io.standpipe.Slots;
import io.standpipe.StandpipeException;
import io.standpipe.internal.observe.CheckpointObservation;
import io.standpipe.internal.pipes.SlotProbe;
import io.standpipe.internal.store.PayloadSource;
import io.standpipe.internal.store.ProgressTracker;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.WaitLimit;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The pipes of processes as they were at one instant, in clones that this process holds. Safe for use by several threads: what is
 * under way when it is closed is completed, or ends where it waits, and the last one closes the clones.
 */
public final class CapturedPipes implements AutoCloseable {

    /**
     * What is held of a pipe.
     *
     * @param pipe whose fds are closed by now
     * @param heldClone a pipe with the same bytes in the same slots, and of the same capacity; null if the pipe was empty
     * @param external ends that others had
     * @param mergeRoomBytes how many bytes more the last slot took, if the pipe had no free slot; a page or more if unknown
     */
    record CapturedPipe(
            OpenPipe pipe, @Nullable Fd heldClone, int lengthBytes, int capacityBytes, Image.ExternalEnds external,
            int mergeRoomBytes) {

        /** Returns the pipe as the image has it; the clone stays as it is. */
        Image.Pipe describe(SlotProbe probe, Leaks leaks) throws StandpipeException {
            try {
                Slots slots = heldClone == null ? null : probe.find(
                        heldClone.number(), capacityBytes, lengthBytes, most -> Math.min(mergeRoomBytes, most));
                return pipe.describe(capacityBytes, Leaks.both(external, leaks.of(pipe)), slots, lengthBytes);
            } catch (ErrnoException e) {
                throw Failures.of(pipe.toString(), e);
            }
        }
    }

    private final List<Image.Process> processes;
    private final Map<Integer, CapturedPipe> pipes;
    private final Duration frozen;
    private final Leaks leaks;
    private final List<String> notes;
    private @Nullable Map<Integer, Image.Pipe> described;
    private int users;
    private boolean closed;

    /**
     * @param pipes by objref, in the order in which they were met
     * @param frozen how long the processes were frozen
     * @param notes for reports
     */
    CapturedPipes(
            List<Image.Process> processes, Map<Integer, CapturedPipe> pipes, Duration frozen, Leaks leaks, List<String> notes) {
        this.processes = processes;
        this.pipes = pipes;
        this.frozen = frozen;
        this.leaks = leaks;
        this.notes = notes;
    }

    /** Searches for holders outside the checkpoint; returns the same pipes, which know of them. */
    CapturedPipes lookingForOthers(boolean strict, ProgressTracker tracker) throws StandpipeException {
        Map<OpenPipe, Image.ExternalEnds> polled = new LinkedHashMap<>();
        pipes.values().forEach(captured -> polled.put(captured.pipe(), captured.external()));
        Leaks leaks = Leaks.find(processes, polled, clones(), strict, tracker);
        return new CapturedPipes(processes, pipes, frozen, leaks, notes);
    }

    List<Image.Process> processes() {
        return processes;
    }

    /** Returns the pipe with an objref. */
    CapturedPipe pipe(int objref) {
        return Objects.requireNonNull(pipes.get(objref));
    }

    /** Returns how long the processes were frozen; zero if they were not. */
    public Duration frozen() {
        return frozen;
    }

    /** Returns how many pipes there are. */
    public int count() {
        return pipes.size();
    }

    /** Writes an image. */
    public CheckpointReport writeTo(ImageTarget target, ProgressTracker tracker, WaitLimit limit) throws StandpipeException {
        CheckpointObservation observation = CheckpointObservation.to(target.destination());
        CheckpointReport report;
        enter();
        try (ImageTarget.Opened opened = target.opener().open()) {
            report = opened.take(saver(tracker, limit.whileOpen(() -> !isClosed())), false);
        } catch (Throwable e) {
            observation.failed(e);
            throw e;
        } finally {
            leave();
        }
        observation.written(CheckpointWriter.taking(report, Duration.ZERO, report.writing()));
        return report;
    }

    /** Returns what a checkpoint without an image captured. */
    CheckpointReport report() {
        Map<Integer, Integer> tables = new LinkedHashMap<>();
        processes.forEach(process -> tables.put(process.table().objref(), process.table().descriptors().size()));
        return new CheckpointReport(
                processes.stream().map(Image.Process::pid).toList(),
                tables.values().stream().mapToInt(Integer::intValue).sum(), pipes.size(), queuedBytes(), 0,
                leaks.inaccessibleProcesses(), frozen, Duration.ZERO, List.of(), notes);
    }

    private long queuedBytes() {
        return pipes.values().stream().mapToLong(CapturedPipe::lengthBytes).sum();
    }

    private ImageSaver saver(ProgressTracker tracker, WaitLimit limit) {
        return saver(Contents::new, tracker, limit);
    }

    /** Returns what writes one image, and leaves the clones empty. */
    ImageSaver lastSaver(ProgressTracker tracker, WaitLimit limit) {
        return saver(LastContents::new, tracker, limit);
    }

    private ImageSaver saver(Supplier<PipeContents> contents, ProgressTracker tracker, WaitLimit limit) {
        return new ImageSaver(null, processes, contents, leaks, notes, () -> frozen, tracker, limit);
    }

    /** What is in the clones: each is cloned once more, and stays as it is. */
    private class Contents extends PipeContents {

        @Override
        int pipes() {
            return pipes.size();
        }

        @Override
        long queuedBytes() {
            return CapturedPipes.this.queuedBytes();
        }

        @Override
        Image.Pipe cloneOf(int objref) throws StandpipeException {
            CapturedPipe pipe = pipe(objref);
            if (pipe.heldClone() != null) {
                begin(pipe.heldClone(), pipe.capacityBytes());
            }
            return pipe.describe(probe, leaks);
        }

        void begin(Fd heldClone, int capacityBytes) throws StandpipeException {
            clone.takeFrom(heldClone.number(), capacityBytes);
        }
    }

    /** What is in the clones, which nobody needs afterwards: it is moved out of them. */
    private final class LastContents extends Contents {

        private int readFd;

        @Override
        void begin(Fd heldClone, int capacityBytes) {
            readFd = heldClone.number();
        }

        @Override
        int readFd() {
            return readFd;
        }
    }

    /** Opens the pipes to be restored, without an image in between. */
    public PayloadSource open() throws StandpipeException {
        enter();
        boolean opened = false;
        try {
            PayloadSource source = new SnapshotSource(this, describe());
            opened = true;
            return source;
        } finally {
            if (!opened) {
                leave();
            }
        }
    }

    /** Describes all pipes, once: how their bytes lie in slots takes some finding out. */
    private synchronized Map<Integer, Image.Pipe> describe() throws StandpipeException {
        if (described == null) {
            Map<Integer, Image.Pipe> found = new LinkedHashMap<>();
            try (SlotProbe probe = new SlotProbe()) {
                for (CapturedPipe pipe : pipes.values()) {
                    found.put(pipe.pipe().objref(), pipe.describe(probe, leaks));
                }
            }
            described = found;
        }
        return described;
    }

    private List<Fd> clones() {
        return pipes.values().stream().map(CapturedPipe::heldClone).filter(Objects::nonNull).toList();
    }

    private synchronized void enter() throws CancelledException {
        if (closed) {
            throw new CancelledException("the snapshot is closed");
        }
        users++;
    }

    /** Called by what has entered, once. */
    synchronized void leave() {
        users--;
        closeIfUnused();
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    private void closeIfUnused() {
        if (closed && users == 0) {
            Fd.closeAll(clones());
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        closeIfUnused();
    }
}
