// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.checkpoint;

import io.standpipe.CheckpointReport;
import io.standpipe.Freeze;
import io.standpipe.Image;
import io.standpipe.Progress;
import io.standpipe.StandpipeException;
import io.standpipe.internal.proc.PipeId;
import io.standpipe.internal.store.ProgressTracker;
import io.standpipe.pipe.Fd;
import java.nio.file.Path;
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
     * @param lookingForOthers whether to search for holders outside the checkpoint
     * @param strict whether to refuse a pipe that has one
     * @param writingWhileFrozen whether to write the image before the targets are thawed
     */
    public record Options(Freeze freeze, boolean lookingForOthers, boolean strict, boolean writingWhileFrozen) {

        public Options with(Freeze chosen) {
            return new Options(chosen, lookingForOthers, strict, writingWhileFrozen);
        }

        public Options withLookingForOthers() {
            return new Options(freeze, true, strict, writingWhileFrozen);
        }

        public Options withStrict() {
            return new Options(freeze, true, true, writingWhileFrozen);
        }

        public Options withWritingWhileFrozen() {
            return new Options(freeze, lookingForOthers, strict, true);
        }
    }

    private final Targets targets;
    private final Options options;
    private final ProgressTracker tracker;
    private @Nullable Inventory saved;

    public CheckpointOperation(Targets targets, Options options, @Nullable Progress listener) {
        this.targets = targets;
        this.options = options;
        tracker = ProgressTracker.to(listener);
    }

    /** Writes an image to a file. */
    public CheckpointReport writeTo(Path image) throws StandpipeException {
        return isCapturedFirst()
                ? captured(pipes -> pipes.writeTo(image, tracker))
                : live(saver -> saver.toFile(image));
    }

    /** Writes an image to an fd of this process, which stays open. */
    public CheckpointReport streamTo(int fd) throws StandpipeException {
        return isCapturedFirst() ? captured(pipes -> pipes.streamTo(fd, tracker)) : live(saver -> saver.toStream(fd));
    }

    /** Returns which pipe was behind each fd that was saved; once an image was written from live pipes. */
    public Map<Integer, PipeId> savedPipes() {
        if (saved == null) {
            throw new IllegalStateException("no image was written from live pipes");
        }
        return saved.pipesByFd();
    }

    private boolean isCapturedFirst() {
        return options.freeze() != Freeze.NONE && !options.writingWhileFrozen();
    }

    private interface CapturedWriter {
        CheckpointReport write(CapturedPipes pipes) throws StandpipeException;
    }

    private CheckpointReport captured(CapturedWriter writer) throws StandpipeException {
        try (CapturedPipes pipes = capture()) {
            return writer.write(pipes);
        }
    }

    /** Captures the pipes of all targets, as of one instant if they are frozen. */
    public CapturedPipes capture() throws StandpipeException {
        tracker.begin(Progress.Phase.COLLECT, 0, 0);
        CapturedPipes pipes = captureAll();
        boolean complete = false;
        try {
            tracker.all(Progress.Phase.CLONE, pipes.count(), 0);
            if (options.lookingForOthers()) {
                tracker.begin(Progress.Phase.LOOK, pipes.count(), 0);
                pipes = pipes.lookingForOthers(options.strict());
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
        try (FreezeWindow window = FreezeWindow.prepare(targets, options.freeze())) {
            CapturedPipes captured = options.freeze() == Freeze.NONE ? null : captureInOneCall(window);
            return captured != null ? captured : captureStepByStep(window);
        }
    }

    /**
     * Freezes, tees and thaws by one call; whether the targets still had the fds that were collected is looked at afterwards.
     *
     * @return null if they had not, or a source was resized
     */
    private @Nullable CapturedPipes captureInOneCall(FreezeWindow window) throws StandpipeException {
        try (Collected collected = collect(window)) {
            tracker.begin(Progress.Phase.CLONE, collected.inventory().pipes().size(), 0);
            boolean captured = collected.clones().warmUp()
                    && window.capture(collected.clones().batch())
                    && collected.clones().isWhole()
                    && collected.isUnchanged();
            return captured ? collected.finish(window.end()) : null;
        }
    }

    /** Freezes first, and collects again if the targets have other fds by then. */
    private CapturedPipes captureStepByStep(FreezeWindow window) throws StandpipeException {
        try (Collected collected = collect(window)) {
            tracker.begin(Progress.Phase.CLONE, collected.inventory().pipes().size(), 0);
            warmUp(collected);
            window.begin();
            if (!window.isOpen() || !window.hasGrown() && collected.isUnchanged()) {
                collected.clones().tee();
                return collected.finish(window.end());
            }
        }
        try (Collected again = collect(window)) {
            again.clones().tee();
            return again.finish(window.end());
        }
    }

    /** Runs once what is to be quick within the freeze: code that runs for the first time is not. */
    private static void warmUp(Collected collected) throws StandpipeException {
        collected.isUnchanged();
        try (CloneSet none = CloneSet.prepare(List.of())) {
            none.tee();
        }
    }

    private Collected collect(FreezeWindow window) throws StandpipeException {
        List<DescriptorSource> sources = targets.open(window.pids());
        Inventory inventory = null;
        CloneSet clones = null;
        try {
            inventory = DescriptorCollector.collect(sources);
            clones = CloneSet.prepare(inventory.pipes());
            return new Collected(sources, inventory, clones);
        } finally {
            if (clones == null) {
                if (inventory != null) {
                    inventory.close();
                }
                sources.forEach(DescriptorSource::close);
            }
        }
    }

    /** What was collected before the freeze, with a clone for each pipe. */
    private record Collected(List<DescriptorSource> sources, Inventory inventory, CloneSet clones) implements AutoCloseable {

        boolean isUnchanged() throws StandpipeException {
            return inventory.isUnchanged(sources);
        }

        /** Hands the clones over. */
        CapturedPipes finish(Duration frozen) throws StandpipeException {
            return CapturedPipes.of(inventory.processes(), clones.release(), frozen);
        }

        @Override
        public void close() {
            sources.forEach(DescriptorSource::close);
            clones.close();
            inventory.close();
        }
    }

    private interface LiveWriter {
        CheckpointReport write(ImageSaver saver) throws StandpipeException;
    }

    /** Writes the image while the targets are frozen, or run; one clone serves all pipes in turn. */
    private CheckpointReport live(LiveWriter writer) throws StandpipeException {
        tracker.begin(Progress.Phase.COLLECT, 0, 0);
        try (FreezeWindow window = FreezeWindow.prepare(targets, options.freeze())) {
            window.begin();
            List<DescriptorSource> sources = targets.open(window.pids());
            try (Inventory inventory = DescriptorCollector.collect(sources)) {
                if (window.isOpen()) {
                    tracker.pause();
                }
                List<Image.Process> processes = inventory.processes();
                Leaks leaks = leaks(processes, inventory);
                CheckpointReport report = writer.write(new ImageSaver(
                        processes, () -> new LiveContents(inventory, leaks), leaks.inaccessibleProcesses(),
                        () -> thaw(window), tracker));
                saved = inventory;
                return report;
            } finally {
                sources.forEach(DescriptorSource::close);
            }
        }
    }

    private Leaks leaks(List<Image.Process> processes, Inventory inventory) throws StandpipeException {
        if (!options.lookingForOthers()) {
            return Leaks.UNKNOWN;
        }
        tracker.begin(Progress.Phase.LOOK, inventory.pipes().size(), 0);
        List<Fd> own = new ArrayList<>();
        inventory.pipes().forEach(pipe -> pipe.addEnds(own));
        return LeakCheck.find(processes, inventory.pipes(), own, options.strict());
    }

    private Duration thaw(FreezeWindow window) {
        Duration frozen = window.end();
        tracker.resume();
        return frozen;
    }
}
