// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.restore;

import io.standpipe.Image;
import io.standpipe.ImageChoiceException;
import io.standpipe.Progress;
import io.standpipe.StandpipeException;
import io.standpipe.UnavailableException;
import io.standpipe.internal.observe.RestoreObservation;
import io.standpipe.internal.proc.FdTable;
import io.standpipe.internal.store.PayloadSource;
import io.standpipe.internal.store.ProgressTracker;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.FdCalls;
import io.standpipe.internal.sys.ProcessCalls;
import io.standpipe.internal.sys.WaitLimit;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import java.io.IOException;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Restores the pipes of processes: all or nothing. If anything fails then every fd made so far is closed, and every name of a
 * FIFO made so far is removed.
 */
public final class RestoreOperation implements AutoCloseable {

    /** For what is open for a moment: the ends of a pipe that are closed again, a place to put a FIFO, a pipe to make slots in. */
    private static final int SPARE_FDS = 16;

    private static final List<String> ENDS = List.of("the read end", "the write end", "both ends");

    private final PayloadSource.Opener opener;
    private final RestoreOptions options;
    private final ProgressTracker progress;
    private final RestoreObservation observation;
    private final WaitLimit limit;
    private @Nullable PayloadSource source;
    private List<Image.Process> saved = List.of();

    /** What is done with what is restored. */
    public interface Step<T> {
        T carryOut(RestoreOperation operation) throws StandpipeException;
    }

    private RestoreOperation(
            PayloadSource.Opener opener, RestoreOptions options, ProgressTracker progress, RestoreObservation observation) {
        this.opener = opener;
        this.options = options;
        this.progress = progress;
        this.observation = observation;
        limit = WaitLimit.of(options.timeout());
    }

    /**
     * Carries out a restore, from its begin to its end. All restores take this way.
     *
     * @param target where the pipes are to be, for those who observe it
     */
    public static <T> T run(
            PayloadSource.Opener source, RestoreOptions options, ProgressTracker progress, String target, Step<T> step)
            throws StandpipeException {
        RestoreObservation observation = new RestoreObservation(target);
        T result;
        try (RestoreOperation operation = new RestoreOperation(source, options, progress, observation)) {
            result = step.carryOut(operation);
        } catch (Throwable e) {
            observation.failed(e);
            throw e;
        }
        observation.succeeded();
        return result;
    }

    /** Returns the limit of all waits. */
    public WaitLimit limit() {
        return limit;
    }

    /** Returns who observes this restore. */
    public RestoreObservation observation() {
        return observation;
    }

    /** Returns the processes that were saved, after a check of the whole source, with the fds that are to be restored. */
    public List<Image.Process> processes() throws StandpipeException {
        PayloadSource opened = source();
        progress.begin(Progress.Phase.CHECK, 0, 0);
        saved = opened.processes();
        observation.saved(saved);
        return options.replacements().leaveOut(saved, opened.toString());
    }

    private void beginRestore(List<Image.Process> processes) throws StandpipeException {
        if (!progress.isHeard()) {
            return;
        }
        Set<Integer> pipes = new HashSet<>();
        long bytes = 0;
        for (Image.Process process : processes) {
            for (Image.Descriptor descriptor : process.table().descriptors()) {
                Image.Pipe pipe = source().pipe(descriptor.description().pipeObjref());
                bytes += pipes.add(pipe.objref()) ? pipe.payloadBytes() : 0;
            }
        }
        progress.begin(Progress.Phase.RESTORE, pipes.size(), bytes);
    }

    /**
     * Returns a sentence for each restored pipe that nobody reads, though somebody did or a command writes to it unasked.
     *
     * @param restored the processes that commands take the place of
     */
    public List<String> unreadPipes(List<Image.Process> restored) throws StandpipeException {
        return new UnreadPipes(saved, restored, source().pipes()).warnings();
    }

    /**
     * Returns a sentence for each pipe that holds bytes and is not made, since none of its fds is restored.
     *
     * @param restored the processes that something takes the place of
     */
    public List<String> lostBytes(List<Image.Process> restored) throws StandpipeException {
        boolean isWhole = options.replacements().chosen().isEmpty() && restored.size() == saved.size();
        return isWhole ? List.of() : new LostBytes(saved, restored, source().pipes()).warnings();
    }

    /** Returns a list of the one process that was saved, after a check of the whole source. */
    public List<Image.Process> singleProcess() throws StandpipeException {
        List<Image.Process> processes = processes();
        if (processes.size() != 1) {
            throw new ImageChoiceException(source + ": holds " + processes.size()
                    + " processes, expected 1; give each of them a command with --run PID=COMMAND"
                    + " (in the library, Restore.start, or Restore.openAll)");
        }
        return processes;
    }

    /**
     * Restores processes of the source.
     *
     * @param processes all of {@link #processes()}, or those that something takes the place of; the others' ends are closed
     * @param signals what took the place of the saved processes, to restore signals as the last step, since whatever happens
     *     to a pipe may send one; null to leave signals to {@link RestoredSet#restoreSignals}
     */
    public RestoredSet restore(List<Image.Process> processes, @Nullable PidMapping signals) throws StandpipeException {
        beginRestore(processes);
        checkCapacities(processes);
        Deviations deviations = new Deviations(options.bestEffort());
        processes.forEach(process -> OtherFiles.report(process, deviations));
        RestoredSet restored = new RestoredSet(processes, options.replacements(), deviations);
        try (PipeRestorer pipes = new PipeRestorer(source(), processes, options, deviations, progress)) {
            boolean complete = false;
            try {
                restoreAll(restored, pipes);
                explain(processes);
                pipes.finish();
                if (signals != null) {
                    restored.restoreSignals(signals);
                }
                complete = true;
                observe(processes, restored);
                return restored;
            } finally {
                if (!complete) {
                    restored.close();
                    pipes.undo();
                }
            }
        } catch (UnavailableException e) {
            throw withNumberNeeded(e, processes);
        }
    }

    /** Restores all of {@link #processes()} into this process. */
    public RestoredSet restoreHere(List<Image.Process> processes) throws StandpipeException {
        List<String> lost = lostBytes(processes);
        RestoredSet restored = restore(processes, PidMapping.thisProcess(processes));
        restored.addDeviations(lost);
        return restored;
    }

    private void explain(List<Image.Process> processes) {
        if (!progress.isExplained()) {
            return;
        }
        for (Image.Process process : processes) {
            for (Image.Descriptor descriptor : process.table().descriptors()) {
                Image.Description description = descriptor.description();
                progress.decided("process " + process.pid() + ", descriptor " + descriptor.fd() + ": "
                        + ENDS.get(description.accessMode().ordinal()) + " of pipe " + description.pipeObjref());
            }
        }
    }

    /** Returns the exception, with how many fds the restore needs if there were too few: all those made are closed again. */
    private static UnavailableException withNumberNeeded(UnavailableException e, List<Image.Process> processes) {
        if (!(e.getCause() instanceof ErrnoException cause && cause.errno() == Errno.EMFILE)) {
            return e;
        }
        try {
            long restored = processes.stream().mapToLong(process -> process.table().descriptors().size()).sum();
            long needed = FdTable.count(ProcessCalls.pid()) + restored + SPARE_FDS;
            return new UnavailableException(e.getMessage() + " " + needed, e);
        } catch (IOException none) {
            e.addSuppressed(none);
            return e;
        }
    }

    private void observe(List<Image.Process> processes, RestoredSet restored) throws StandpipeException {
        BitSet pipes = new BitSet();
        int descriptors = 0;
        long bytes = 0;
        for (Image.Process process : processes) {
            for (Image.Descriptor descriptor : process.table().descriptors()) {
                int objref = descriptor.description().pipeObjref();
                descriptors++;
                if (!pipes.get(objref)) {
                    pipes.set(objref);
                    bytes += source().pipe(objref).payloadBytes();
                }
            }
        }
        observation.made(pipes.cardinality(), descriptors, bytes, restored.deviations().size());
    }

    private void checkCapacities(List<Image.Process> processes) throws StandpipeException {
        Set<Integer> slotted = new HashSet<>();
        for (Image.Process process : processes) {
            for (Image.Descriptor descriptor : process.table().descriptors()) {
                Image.Pipe pipe = source().pipe(descriptor.description().pipeObjref());
                // Counting slots takes time that a hostile image must not multiply by its fds.
                if (pipe.slots() == null || slotted.add(pipe.objref())) {
                    CapacityRestorer.check(pipe);
                }
            }
        }
    }

    /** Readers of FIFOs that have met no writer come last: what is opened after them could be one. */
    private static void restoreAll(RestoredSet restored, PipeRestorer pipes) throws StandpipeException {
        Map<Integer, Fd> descriptions = new HashMap<>();
        for (boolean metNoWriter : new boolean[] {false, true}) {
            for (RestoredProcess process : restored.processes()) {
                for (Image.Descriptor descriptor : process.saved().table().descriptors()) {
                    Image.Description description = descriptor.description();
                    if (description.metNoWriter() == metNoWriter) {
                        Fd first = descriptions.get(description.objref());
                        Fd fd = first == null ? pipes.restore(description) : duplicate(first);
                        process.fds().put(descriptor.fd(), fd);
                        if (first == null) {
                            descriptions.put(description.objref(), fd);
                        }
                    }
                }
            }
        }
    }

    private static Fd duplicate(Fd fd) throws StandpipeException {
        try {
            return FdCalls.duplicate(fd.number());
        } catch (ErrnoException e) {
            throw Failures.of("a second descriptor", e);
        }
    }

    /** Reports to the listener that commands are about to have what was restored. */
    public void beginStart() {
        progress.next(Progress.Phase.START);
    }

    /** Returns the source, which is opened by the first call; a stream is then read to its end. */
    public PayloadSource source() throws StandpipeException {
        if (source == null) {
            source = opener.open(progress, limit);
            observation.from(source);
        }
        return source;
    }

    @Override
    public void close() {
        if (source != null) {
            source.close();
        }
    }
}
