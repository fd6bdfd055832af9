// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.checkpoint;

import io.standpipe.CheckpointReport;
import io.standpipe.Durability;
import io.standpipe.Freeze;
import io.standpipe.Image;
import io.standpipe.Progress;
import io.standpipe.StandpipeException;
import io.standpipe.internal.jni.NativeLibrary;
import io.standpipe.internal.observe.CheckpointObservation;
import io.standpipe.internal.proc.PipeId;
import io.standpipe.internal.store.ProgressTracker;
import io.standpipe.internal.sys.WaitLimit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One checkpoint, from the targets to the image: collect, freeze, tee, thaw, verify, write.
 *
 * <p>Before the targets are frozen their pipes are collected and a clone is made for each, so that within the freeze there are only
 * the tees. Where a target has other fds by then, the pipes are collected again within the freeze.
 */
public final class CheckpointOperation {

    /**
     * What the caller chose.
     *
     * @param freezeIsChosen whether the caller insists on this freeze, or it is the default
     * @param copying whether to copy the bytes while the targets are frozen
     * @param lookingForOthers whether to search for holders outside the checkpoint
     * @param strict whether to refuse a pipe that has one
     * @param writingWhileFrozen whether to write the image before the targets are thawed
     * @param timeout for which the checkpoint may wait in all; null for the limits of each wait
     */
    public record Options(
            Freeze freeze, boolean freezeIsChosen, boolean copying, boolean lookingForOthers, boolean strict,
            boolean writingWhileFrozen, Durability durability, @Nullable Duration timeout) {

        /** Returns the defaults, with a way of freezing. */
        public static Options of(Freeze freeze) {
            return new Options(freeze, false, false, false, false, false, Durability.MEDIUM, null);
        }

        public Options with(Freeze chosen) {
            return new Options(chosen, true, copying, lookingForOthers, strict, writingWhileFrozen, durability, timeout);
        }

        public Options withCopying() {
            return new Options(freeze, freezeIsChosen, true, lookingForOthers, strict, writingWhileFrozen, durability, timeout);
        }

        public Options withLookingForOthers() {
            return new Options(freeze, freezeIsChosen, copying, true, strict, writingWhileFrozen, durability, timeout);
        }

        public Options withStrict() {
            return new Options(freeze, freezeIsChosen, copying, true, true, writingWhileFrozen, durability, timeout);
        }

        public Options within(Duration most) {
            return new Options(freeze, freezeIsChosen, copying, lookingForOthers, strict, writingWhileFrozen, durability, most);
        }

        public Options with(Durability chosen) {
            return new Options(freeze, freezeIsChosen, copying, lookingForOthers, strict, writingWhileFrozen, chosen, timeout);
        }

        public Options withWritingWhileFrozen() {
            return new Options(freeze, freezeIsChosen, copying, lookingForOthers, strict, true, durability, timeout);
        }
    }

    /** How often the targets are frozen in vain, since they had other fds by then, before they are collected within the freeze. */
    private static final int MOST_ATTEMPTS = 3;

    private static final String NOT_FROZEN = "not frozen, since ptrace is refused (by a seccomp profile, or by"
            + " /proc/sys/kernel/yama/ptrace_scope): each pipe is saved as of an instant of its own";

    private final Targets targets;
    private final Options options;
    private final ProgressTracker tracker;
    private final WaitLimit limit;
    private final Programs programs = new Programs();
    private @Nullable Inventory saved;

    public CheckpointOperation(Targets targets, Options options, @Nullable Progress listener) {
        this.targets = targets;
        this.options = options;
        tracker = ProgressTracker.to(listener);
        limit = WaitLimit.of(options.timeout());
    }

    /** Writes an image. */
    public CheckpointReport writeTo(ImageTarget target) throws StandpipeException {
        CheckpointObservation observation = CheckpointObservation.to(target.destination());
        CheckpointReport report;
        try {
            NativeLibrary.require();
            try (ImageTarget.Opened opened = target.opener().open()) {
                report = save(opened);
            }
        } catch (Throwable e) {
            observation.failed(e);
            throw e;
        }
        return observation.saved(report);
    }

    /** Returns whether the targets are frozen while the image is written. */
    private boolean isFrozenMeanwhile() {
        return options.writingWhileFrozen() && options.freeze() != Freeze.NONE && !targets.isOwn();
    }

    private CheckpointReport save(ImageTarget.Opened target) throws StandpipeException {
        if (options.writingWhileFrozen() || options.freeze() == Freeze.NONE && !options.copying()) {
            return saveLive(target);
        }
        try (CapturedPipes pipes = capture()) {
            return target.take(pipes.lastSaver(tracker, limit), false);
        }
    }

    /** Returns which pipe was behind each fd that was saved; once an image was written from live pipes. */
    public Map<Integer, PipeId> savedPipes() {
        if (saved == null) {
            throw new IllegalStateException("no image was written from live pipes");
        }
        return saved.pipesByFd();
    }

    /** Captures the pipes of all targets, as of one instant if they are frozen, for the caller to keep. */
    public CapturedPipes takeSnapshot() throws StandpipeException {
        CheckpointObservation observation = CheckpointObservation.toSnapshot();
        CapturedPipes pipes;
        try {
            NativeLibrary.require();
            pipes = capture();
        } catch (Throwable e) {
            observation.failed(e);
            throw e;
        }
        observation.captured(pipes.report());
        return pipes;
    }

    /** Captures the pipes of all targets, as of one instant if they are frozen. */
    private CapturedPipes capture() throws StandpipeException {
        tracker.begin(Progress.Phase.COLLECT, 0, 0);
        CapturedPipes pipes = captureAll();
        boolean complete = false;
        try {
            tracker.all(Progress.Phase.CLONE, pipes.count(), 0);
            if (options.lookingForOthers()) {
                tracker.begin(Progress.Phase.LOOK, pipes.count(), 0);
                pipes = pipes.lookingForOthers(options.strict(), tracker);
            }
            complete = true;
            return pipes;
        } finally {
            if (!complete) {
                pipes.close();
            }
        }
    }

    private CapturedPipes captureAll() throws StandpipeException {
        try (FreezeWindow window = new FreezeWindow(targets, options, limit)) {
            boolean copying = options.copying();
            for (int attempt = 0; attempt < MOST_ATTEMPTS && window.isFreezing() && !window.hasCaptured(); attempt++) {
                prepare(window);
                CapturedPipes captured = captureInOneCall(window, copying);
                if (captured != null) {
                    return captured;
                }
                copying |= window.lendsPages();
            }
            prepare(window);
            return captureStepByStep(window, copying);
        }
    }

    /** Finds the processes while they run, and what they are. */
    private void prepare(FreezeWindow window) throws StandpipeException {
        window.prepare();
        programs.read(window.pids());
    }

    /**
     * Freezes, tees and thaws by one call; whether the targets still had the fds that were collected is looked at afterwards.
     *
     * @return null if they had not, or a source was resized
     */
    private @Nullable CapturedPipes captureInOneCall(FreezeWindow window, boolean copying) throws StandpipeException {
        try (Targets.Opened opened = targets.open(window.pids());
                Inventory inventory = collectRunning(opened);
                CloneSet clones = prepare(window, inventory, copying)) {
            tracker.begin(Progress.Phase.CLONE, inventory.pipes().size(), 0);
            boolean captured = clones.warmUp()
                    && window.capture(clones.batch())
                    && clones.isWhole()
                    && inventory.isUnchanged(opened.sources());
            return captured ? finish(window, inventory, clones) : null;
        }
    }

    /** Collects while the targets run, when a thread can keep a pipe locked. */
    private static Inventory collectRunning(Targets.Opened opened) throws StandpipeException {
        Inventory inventory = DescriptorCollector.collect(opened);
        boolean complete = false;
        try {
            inventory.checkNotLocked();
            complete = true;
            return inventory;
        } finally {
            if (!complete) {
                inventory.close();
            }
        }
    }

    /** Freezes first, and collects again if the targets have other fds by then. */
    private CapturedPipes captureStepByStep(FreezeWindow window, boolean copying) throws StandpipeException {
        try (Targets.Opened opened = targets.open(window.pids());
                Inventory inventory = collectRunning(opened);
                CloneSet clones = prepare(window, inventory, copying)) {
            tracker.begin(Progress.Phase.CLONE, inventory.pipes().size(), 0);
            warmUp(inventory, opened);
            window.begin();
            boolean fits = !window.hasGrown()
                    && inventory.isUnchanged(opened.sources())
                    && (clones.isCopying() || !window.lendsPages());
            if (fits || !window.isOpen()) {
                clones.tee();
                return finish(window, inventory, clones);
            }
        }
        try (Targets.Opened opened = targets.open(window.pids());
                Inventory inventory = DescriptorCollector.collect(opened);
                CloneSet clones = prepare(window, inventory, copying || window.lendsPages())) {
            clones.tee();
            return finish(window, inventory, clones);
        }
    }

    /** Makes the clones. Little is always copied: it is not felt, and pages may be lent by programs that are not seen at it. */
    private static CloneSet prepare(FreezeWindow window, Inventory inventory, boolean copying) throws StandpipeException {
        boolean little = window.isFreezing() && CopiedClones.areSmall(inventory.pipes());
        return CloneSet.prepare(inventory.pipes(), copying || little);
    }

    /** Runs once what is to be quick within the freeze: code that runs for the first time is not. */
    private static void warmUp(Inventory inventory, Targets.Opened opened) throws StandpipeException {
        inventory.isUnchanged(opened.sources());
        try (CloneSet none = CloneSet.prepare(List.of(), false)) {
            none.tee();
        }
    }

    /** Thaws the targets, and hands the clones over. */
    private CapturedPipes finish(FreezeWindow window, Inventory inventory, CloneSet clones) throws StandpipeException {
        Duration frozen = window.end();
        CaptureDecisions.report(tracker, options, window, inventory, clones, frozen);
        List<Image.Process> processes = inventory.processes(programs);
        return new CapturedPipes(processes, clones.release(), frozen, Leaks.UNKNOWN, notes(window, inventory));
    }

    private List<String> notes(FreezeWindow window, Inventory inventory) {
        List<String> notes = new ArrayList<>(inventory.notes());
        notes.addAll(programs.notes());
        if (window.isRefused()) {
            notes.add(NOT_FROZEN);
        }
        return notes;
    }

    /** Writes the image while the targets are frozen, or run; one clone serves all pipes in turn. */
    private CheckpointReport saveLive(ImageTarget.Opened target) throws StandpipeException {
        tracker.begin(Progress.Phase.COLLECT, 0, 0);
        try (FreezeWindow window = new FreezeWindow(targets, options, limit)) {
            prepare(window);
            StreamReaders readers = StreamReaders.of(isFrozenMeanwhile() ? target.fd() : ImageTarget.NO_FD);
            readers.checkNotAllAmong(window.pids());
            window.begin();
            if (window.isOpen()) {
                readers.checkNotAllStopped();
            }
            try (Targets.Opened opened = targets.open(window.pids());
                    Inventory inventory = window.isOpen() ? DescriptorCollector.collect(opened) : collectRunning(opened)) {
                if (window.isOpen()) {
                    tracker.pause();
                }
                List<Image.Process> processes = inventory.processes(programs);
                Leaks leaks = leaks(processes, inventory);
                ImageSaver saver = new ImageSaver(
                        null, processes, () -> new LiveContents(inventory, leaks), leaks, notes(window, inventory), () -> thaw(window),
                        tracker, limit);
                CheckpointReport report = target.take(saver, isFrozenMeanwhile());
                saved = inventory;
                CaptureDecisions.report(tracker, options, window, inventory, null, report.frozen());
                return report;
            }
        }
    }

    private Leaks leaks(List<Image.Process> processes, Inventory inventory) throws StandpipeException {
        if (!options.lookingForOthers()) {
            return Leaks.UNKNOWN;
        }
        tracker.begin(Progress.Phase.LOOK, inventory.pipes().size(), 0);
        return Leaks.find(processes, inventory.pollForExternalEnds(), inventory.ends(), options.strict(), tracker);
    }

    private Duration thaw(FreezeWindow window) throws StandpipeException {
        Duration frozen = window.end();
        tracker.resume();
        return frozen;
    }
}
