// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import io.standpipe.internal.checkpoint.CheckpointOperation;
import io.standpipe.internal.checkpoint.DescriptorCollector;
import io.standpipe.internal.checkpoint.FreezeWindow;
import io.standpipe.internal.checkpoint.ImageSaver;
import io.standpipe.internal.checkpoint.LeakCheck;
import io.standpipe.internal.checkpoint.Targets;
import io.standpipe.internal.jdk.JavaPipeObjects;
import io.standpipe.internal.store.ProgressTracker;
import io.standpipe.internal.sys.ProcessCalls;




import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Saves open pipes to an image: the bytes in flight, the capacity, and who shares which end. No byte is consumed. Other
 * processes stand still for the moment that it takes to clone their pipes in the kernel; writing comes after.
 *
 * <pre>{@code
 * Checkpoint.ofProcess(4711).writeTo(Path.of("app.ckpt"));
 * Checkpoint.ofDescriptors(in, out).writeTo(image);
 * }</pre>
 *
 * Immutable and safe for use by several threads. After "c/r" v18 46/80, pipe_file_checkpoint; unlike there, the size of
 * what is cloned is not bounded by the default capacity, and a pipe of which only the write end is at hand is saved too.
 */
public final class Checkpoint {

    private final Targets targets;
    private final Choices choices;
    private final Progress progress;

    private Checkpoint(Targets targets, Choices choices, Progress progress) {
        this.targets = targets;
        this.choices = choices;
        this.progress = progress;
    }

    /**
     * What the caller chose.
     *
     * @param lookingForOthers whether to look who else holds the pipes
     * @param strict whether to refuse what somebody else holds
     * @param writingWhileFrozen whether to write the image before the processes run again
     */
    private record Choices(Freeze freeze, boolean lookingForOthers, boolean strict, boolean writingWhileFrozen) {}

    /** Pipes of this JVM by what stands for them. */
    static Checkpoint of(JavaPipeObjects objects) {
        return of(Targets.objects(objects));
    }

    private static Checkpoint of(Targets targets) {
        return new Checkpoint(
                targets, new Choices(targets.isOwn() ? Freeze.NONE : Freeze.STOP, false, false, false), null);
    }

    /**
     * All pipes of another process. Needs the right to ptrace it: the same user, or CAP_SYS_PTRACE.
     *
     * @throws IllegalArgumentException for this process's own pid: the JVM has pipes that are nobody else's business,
     *     so its descriptors are named one by one with {@link #ofDescriptors}
     */
    public static Checkpoint ofProcess(long pid) {
        return of(Targets.processes(target(pid)));
    }

    /** Pipes of another process, named by their descriptors' numbers there; each must be a pipe. */
    public static Checkpoint ofProcess(long pid, int... descriptors) {
        return of(Targets.process(target(pid), sorted(descriptors)));
    }

    /** All pipes of several other processes, in one image: a pipe that they share is saved once. */
    public static Checkpoint ofProcesses(long... pids) {
        if (pids.length == 0) {
            throw new IllegalArgumentException("no process is named, expected at least one");
        }
        return of(Targets.processes(Arrays.stream(pids).mapToInt(Checkpoint::target).distinct().toArray()));
    }

    /**
     * All pipes of another process and of all its descendants, in one image. This process, if it is one of them, is left
     * out, with its own descendants.
     */
    public static Checkpoint ofTree(long pid) {
        return of(Targets.tree(target(pid)));
    }

    /** Pipes of this process, named by their descriptors' numbers; each must be a pipe. */
    public static Checkpoint ofDescriptors(int... descriptors) {
        return of(Targets.own(sorted(descriptors)));
    }

    /**
     * Pipes of this JVM, named by Java objects: streams and channels, as {@link JavaDescriptor} sees through them, and
     * besides these a whole {@code Pipe}, a {@code Process} (for those of its streams that are open pipes), an
     * {@code Integer} for a descriptor's number, or an {@link io.standpipe.pipe.Fd}. What an object stands for is found
     * when the checkpoint is taken, and each must be a pipe.
     *
     * <p>Bytes that Java has buffered above a pipe would not be in the image: the checkpoint is refused when there are any.
     */
    public static Checkpoint ofObjects(Object... objects) {
        return of(JavaPipeObjects.of(objects));
    }

    /**
     * The same, taken although Java has bytes buffered above the pipes, which stay where they are; {@link JavaDescriptor}
     * tells of them.
     */
    public Checkpoint leavingBuffered() {
        return targets.objects() == null
                ? this
                : new Checkpoint(Targets.objects(targets.objects().leavingBuffered()), choices, progress);
    }

    /**
     * The same, with the processes made to stand still in another way, or not at all; {@link Freeze#STOP} is how others are
     * by default. This process's own pipes are saved while it runs.
     */
    public Checkpoint freezing(Freeze freeze) {
        return with(new Choices(
                freeze, choices.lookingForOthers(), choices.strict(), choices.writingWhileFrozen()));
    }

    /**
     * The same, with the image written before the processes run again. They stand still for longer, and one clone
     * serves all pipes in turn: for where limits do not allow a clone of each.
     */
    public Checkpoint writingWhileFrozen() {
        return with(new Choices(choices.freeze(), choices.lookingForOthers(), choices.strict(), true));
    }

    /**
     * The same, and it looks through all processes that it may look at for those that hold an end too; the image tells of
     * them. Otherwise it tells only what poll says of a pipe of which one end is saved.
     */
    public Checkpoint lookingForOthers() {
        return with(new Choices(choices.freeze(), true, choices.strict(), choices.writingWhileFrozen()));
    }

    /**
     * The same, refused if there is such a process: its end would not be in the image. Of processes that could not be looked
     * at the report tells.
     */
    public Checkpoint strict() {
        return with(new Choices(choices.freeze(), true, true, choices.writingWhileFrozen()));
    }

    /** The same, telling a listener how far it has come. */
    public Checkpoint reporting(Progress listener) {
        return new Checkpoint(targets, choices, listener);
    }

    private Checkpoint with(Choices chosen) {
        return new Checkpoint(targets, chosen, progress);
    }

    /**
     * Writes the image. It appears under its name when it is whole and on the medium, with mode 0600, in place of any
     * file that had the name; if anything fails nothing appears. (But if what fails is the very last step, syncing the
     * folder, then the whole image stands there already, and a power cut may still undo its name.)
     *
     * @throws UnavailableException if the kernel, a permission or a limit does not allow it
     * @throws StandpipeException if it fails otherwise: no such process, a descriptor that is no pipe, no room
     */
    public CheckpointReport writeTo(Path image) throws StandpipeException {
        return writeTo(image, collected -> {});
    }

    /**
     * Sends the image to a descriptor of this process, which stays open: a pipe, a socket or a file. Nothing is sought, and
     * to a pipe or a socket payload moves without a copy. An image that cannot be finished ends with ERROR and the reason,
     * so that no reader takes it for a whole one.
     *
     * @throws StandpipeException also if whoever reads it goes away, or if it is a terminal
     */
    public CheckpointReport streamTo(int descriptor) throws StandpipeException {
        return streamTo(descriptor, collected -> {});
    }

    /** Writes the image; what was found is told once it is there. */
    CheckpointReport writeTo(Path image, Consumer<DescriptorCollector> told) throws StandpipeException {
        return save((collected, standstill, reporter) -> {
            CheckpointReport report = ImageSaver.save(image, collected, standstill, reporter);
            told.accept(collected);
            return report;
        });
    }

    /** Sends the image to a descriptor; what was found is told once it is there. */
    CheckpointReport streamTo(int descriptor, Consumer<DescriptorCollector> told) throws StandpipeException {
        return save((collected, standstill, reporter) -> {
            CheckpointReport report = ImageSaver.stream(descriptor, collected, standstill, reporter);
            told.accept(collected);
            return report;
        });
    }

    private interface Saver {
        CheckpointReport save(DescriptorCollector collected, ImageSaver.Standstill standstill, ProgressTracker reporter)
                throws StandpipeException;
    }

    private CheckpointReport save(Saver saver) throws StandpipeException {
        ProgressTracker reporter = ProgressTracker.to(progress);
        if (choices.writingWhileFrozen() || choices.freeze() == Freeze.NONE) {
            reporter.begin(Progress.Phase.COLLECT, 0, 0);
            return new CheckpointOperation(targets, choices.freeze(), reporter).collect((collected, window) -> {
                if (window.isOpen()) {
                    reporter.pause();
                }
                lookForOthers(collected, reporter);
                return saver.save(collected, () -> runningAgain(window, reporter), reporter);
            });
        }
        try (Snapshot snapshot = snapshot(reporter)) {
            return saver.save(snapshot.collected(), snapshot::frozen, reporter);
        }
    }

    private static Duration runningAgain(FreezeWindow window, ProgressTracker reporter) {
        Duration frozen = window.end();
        reporter.resume();
        return frozen;
    }

    /**
     * Takes a snapshot, which the caller closes.
     *
     * @throws UnavailableException if the kernel, a permission or a limit does not allow it
     */
    public Snapshot snapshot() throws StandpipeException {
        return snapshot(ProgressTracker.to(progress));
    }

    private Snapshot snapshot(ProgressTracker reporter) throws StandpipeException {
        reporter.begin(Progress.Phase.COLLECT, 0, 0);
        Snapshot snapshot = new CheckpointOperation(targets, choices.freeze(), reporter).take();
        boolean complete = false;
        try {
            reporter.all(Progress.Phase.CLONE, snapshot.pipes(), 0);
            lookForOthers(snapshot.collected(), reporter);
            complete = true;
            return snapshot;
        } finally {
            if (!complete) {
                snapshot.close();
            }
        }
    }

    private void lookForOthers(DescriptorCollector collected, ProgressTracker reporter) throws StandpipeException {
        if (choices.lookingForOthers()) {
            reporter.begin(Progress.Phase.LOOK, collected.pipes().size(), 0);
            LeakCheck.find(collected, choices.strict());
        }
    }

    private static int target(long pid) {
        if (pid < 1 || pid > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("pid is " + pid + ", expected 1 to " + Integer.MAX_VALUE);
        }
        if (pid == ProcessCalls.pid()) {
            throw new IllegalArgumentException(
                    "pid " + pid + " is this process: name its descriptors with Checkpoint.ofDescriptors");
        }
        return (int) pid;
    }

    private static int[] sorted(int[] descriptors) {
        int[] numbers = Arrays.stream(descriptors).sorted().distinct().toArray();
        if (numbers.length == 0) {
            throw new IllegalArgumentException("no descriptor is named, expected at least one");
        }
        if (numbers[0] < 0) {
            throw new IllegalArgumentException("descriptor is " + numbers[0] + ", expected 0 or more");
        }
        return numbers;
    }
}
