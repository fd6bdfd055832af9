// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import io.standpipe.internal.checkpoint.CheckpointOperation;
import io.standpipe.internal.checkpoint.ImageTarget;
import io.standpipe.internal.checkpoint.Selection;
import io.standpipe.internal.checkpoint.Targets;
import io.standpipe.internal.jdk.JavaPipeObjects;
import io.standpipe.internal.proc.TargetCheck;
import io.standpipe.internal.sys.ProcessCalls;
import io.standpipe.internal.sys.WaitLimit;
import java.io.OutputStream;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Saves open pipes to an image: the bytes in flight, the capacity, and who shares which end. No byte is consumed. Other
 * processes are frozen for the moment that it takes to clone their pipes in the kernel; writing comes after.
 *
 * <pre>{@code
 * Checkpoint.ofProcess(4711).writeTo(Path.of("app.ckpt"));
 * Checkpoint.ofDescriptors(in, out).writeTo(image);
 * }</pre>
 *
 * Immutable and safe for use by several threads. After "c/r" v18 46/80, pipe_file_checkpoint; unlike there, the size of
 * what is cloned is not bounded by the default capacity, and a pipe of which only the write end is at hand is saved too.
 *
 * @since 0.1
 */
public final class Checkpoint {

    private final Targets targets;
    private final CheckpointOperation.Options options;
    private final @Nullable Progress progress;

    private Checkpoint(Targets targets, CheckpointOperation.Options options, @Nullable Progress progress) {
        this.targets = targets;
        this.options = options;
        this.progress = progress;
    }

    /** Pipes of this JVM by what stands for them. */
    static Checkpoint of(JavaPipeObjects objects) {
        return of(Targets.objects(objects));
    }

    private static Checkpoint of(Targets targets) {
        Freeze freeze = targets.isOwn() ? Freeze.NONE : Freeze.PTRACE;
        return new Checkpoint(targets, CheckpointOperation.Options.of(freeze), null);
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
        return ofProcess(pid).onlyDescriptors(pid, descriptors);
    }

    /**
     * All pipes of another process, or those of these descriptors. Once the process has ended this is refused, even if another one has
     * its pid by then.
     */
    public static Checkpoint ofProcess(ProcessHandle process, int... descriptors) {
        Checkpoint whole = ofProcesses(process);
        return descriptors.length == 0 ? whole : whole.onlyDescriptors(process, descriptors);
    }

    /** Pipes of a process that was started here, as {@link #ofProcess(ProcessHandle, int...)} does; see {@link #ofChildren} for all. */
    public static Checkpoint ofProcess(Process process, int... descriptors) {
        return ofProcess(process.toHandle(), descriptors);
    }

    /**
     * All pipes of several other processes, in one image: a pipe that they share is saved once.
     *
     * @throws IllegalArgumentException if none is named, or one can be no other process's
     */
    public static Checkpoint ofProcesses(long... pids) {
        if (pids.length == 0) {
            throw new IllegalArgumentException("no process is named, expected at least one");
        }
        return of(Targets.processes(Arrays.stream(pids).mapToInt(Checkpoint::target).distinct().toArray()));
    }

    /** All pipes of several other processes, in one image; refused once one of them has ended. */
    public static Checkpoint ofProcesses(ProcessHandle... processes) {
        Checkpoint named = ofProcesses(Arrays.stream(processes).mapToLong(ProcessHandle::pid).toArray());
        return named.with(named.targets.knownBy(List.of(processes)));
    }

    /** All pipes of several processes that were started here, such as those of {@link ProcessBuilder#startPipeline}. */
    public static Checkpoint ofProcesses(Process... processes) {
        return ofProcesses(Arrays.stream(processes).map(Process::toHandle).toArray(ProcessHandle[]::new));
    }

    /**
     * All pipes of another process and of all its descendants, in one image. This process, if it is one of them, is left
     * out, with its own descendants.
     */
    public static Checkpoint ofTree(long pid) {
        return of(Targets.tree(target(pid)));
    }

    /** All pipes of another process and of all its descendants, as {@link #ofTree(long)} does; refused once the process has ended. */
    public static Checkpoint ofTree(ProcessHandle process) {
        Checkpoint tree = ofTree(process.pid());
        return tree.with(tree.targets.knownBy(List.of(process)));
    }

    /** All pipes of a process that was started here and of all its descendants, as {@link #ofTree(ProcessHandle)} does. */
    public static Checkpoint ofTree(Process process) {
        return ofTree(process.toHandle());
    }

    /**
     * All pipes of the children that this process has when the checkpoint is taken, and of all their descendants, in one image. This
     * process itself is left out: the ends that it has of its children's pipes count as held by others, and what Java has buffered
     * above them is not saved. What a child left behind when it ended is no descendant any more. Refused if there are no children.
     */
    public static Checkpoint ofChildren() {
        return of(Targets.descendants());
    }

    /**
     * Pipes of this process, named by their descriptors' numbers; each must be a pipe.
     *
     * @throws IllegalArgumentException if none is named, or one is negative
     */
    public static Checkpoint ofDescriptors(int... descriptors) {
        return of(Targets.own(TargetCheck.fds(descriptors)));
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
     * Saves the pipes although Java has bytes buffered above them; these bytes stay where they are, and {@link JavaDescriptor} returns
     * how many there are. Without this such a checkpoint is refused.
     */
    public Checkpoint leavingBuffered() {
        return targets.objects() == null
                ? this
                : new Checkpoint(Targets.objects(targets.objects().leavingBuffered()), options, progress);
    }

    /** Of one of the processes only these descriptors, each of which must be a pipe; of the others all that are pipes. */
    public Checkpoint onlyDescriptors(long pid, int... descriptors) {
        return with(targets.selection().naming(target(pid), TargetCheck.fds(descriptors)));
    }

    /**
     * Of one of the processes all pipes but those of these descriptors, such as one that this user has no right to read. What they
     * refer to counts as held by others.
     */
    public Checkpoint leavingOut(long pid, int... descriptors) {
        return with(targets.selection().leavingOut(target(pid), TargetCheck.fds(descriptors)));
    }

    /** Of one of the processes only these descriptors, as {@link #onlyDescriptors(long, int...)} does. */
    public Checkpoint onlyDescriptors(ProcessHandle process, int... descriptors) {
        return onlyDescriptors(process.pid(), descriptors);
    }

    /** Of one of the processes only these descriptors, as {@link #onlyDescriptors(long, int...)} does. */
    public Checkpoint onlyDescriptors(Process process, int... descriptors) {
        return onlyDescriptors(process.pid(), descriptors);
    }

    /** Of one of the processes all pipes but those of these descriptors, as {@link #leavingOut(long, int...)} does. */
    public Checkpoint leavingOut(ProcessHandle process, int... descriptors) {
        return leavingOut(process.pid(), descriptors);
    }

    /** Of one of the processes all pipes but those of these descriptors, as {@link #leavingOut(long, int...)} does. */
    public Checkpoint leavingOut(Process process, int... descriptors) {
        return leavingOut(process.pid(), descriptors);
    }

    private Checkpoint with(Selection selection) {
        return with(targets.with(selection));
    }

    private Checkpoint with(Targets chosen) {
        return new Checkpoint(chosen, options, progress);
    }

    /**
     * Freezes the processes in another way, or not at all; the default for other processes is {@link Freeze#PTRACE}. This process's
     * own pipes are saved while it runs.
     *
     * <p>Where ptrace is refused though the processes' fds may be copied, as by a seccomp profile, the default is not to freeze, which a
     * note of the {@link CheckpointReport} says; a freeze that was chosen here throws {@link UnavailableException}.
     */
    public Checkpoint freezing(Freeze freeze) {
        return with(options.with(freeze));
    }

    /**
     * Copies the bytes of all pipes while the processes are frozen. A clone shares its pages with the pipe; where a program put its own
     * pages there by vmsplice, splice or sendfile, and changes them once they are read, the clone changes with them. Without this the
     * bytes are copied if the pipes' capacities are no more than 1 MiB in all, or if a thread of the processes is seen in such a call.
     * Copying takes some 5 microseconds for each 64 KiB.
     */
    public Checkpoint copying() {
        return with(options.withCopying());
    }

    /**
     * Writes the image before the processes are thawed. They are frozen for longer, and one clone serves all pipes in turn: for
     * where limits do not allow a clone of each. A stream that only frozen processes read is refused, and one that takes nothing for
     * five seconds ends the checkpoint.
     */
    public Checkpoint writingWhileFrozen() {
        return with(options.withWritingWhileFrozen());
    }

    /**
     * Searches all processes that this one may look at for holders of the pipes that are not saved; the image says which ends they
     * hold. Without this the image says only what poll reports of a pipe of which one end is saved.
     */
    public Checkpoint lookingForOthers() {
        return with(options.withLookingForOthers());
    }

    /**
     * Refuses a pipe of which a process that is not saved holds an end, and all of them if others may hold ends who cannot be looked at.
     * What not even root can look at is in {@link CheckpointReport#notes}.
     */
    public Checkpoint strict() {
        return with(options.withStrict());
    }

    /**
     * Chooses what the file of an image survives; {@link Durability#MEDIUM} without this. Streams, channels and stores are not
     * concerned.
     */
    public Checkpoint durability(Durability durability) {
        return with(options.with(Objects.requireNonNull(durability)));
    }

    /** Reports to a listener how far the checkpoint has come. */
    public Checkpoint reporting(Progress listener) {
        return new Checkpoint(targets, options, listener);
    }

    private Checkpoint with(CheckpointOperation.Options chosen) {
        return new Checkpoint(targets, chosen, progress);
    }

    /**
     * Waits no longer than this in all: for another checkpoint of the same processes to end (without this choice ten seconds), for
     * the processes to stop (two seconds at most in any case), and for a stream to take the image (without end).
     * {@link TimedOutException} is thrown then. An interrupt of the thread ends such a wait, too, by a {@link CancelledException};
     * what need not wait is completed. A stream, channel or store that has no descriptor below it is interrupted at the timeout: one that
     * heeds no interrupt, such as that of an {@code SSLSocket}, is left after the write in which it waits.
     *
     * @param most zero or more; with zero nothing is waited for
     * @throws IllegalArgumentException if it is negative
     */
    public Checkpoint timeout(Duration most) {
        return with(options.within(WaitLimit.notNegative(most)));
    }

    /**
     * Writes the image to a file. It appears under its name when it is whole and, unless {@link #durability} says otherwise, on the
     * medium, with mode 0600, in place of any file that had the name; if anything fails nothing appears. (But if what fails is the very
     * last step, syncing the directory, then the whole image is there already, and a power cut may still undo its name.) On another file
     * system than the default one, such as that of a zip file, the image is written under a temporary name and moved, atomically where
     * the file system can do that.
     *
     * @throws UnavailableException if the kernel, a permission or a limit does not allow it
     * @throws TimedOutException if a wait takes too long
     * @throws CancelledException if the thread is interrupted while it waits
     * @throws StandpipeException if it fails otherwise: no such process, an fd that is no pipe, no room
     */
    public CheckpointReport writeTo(Path image) throws StandpipeException {
        return operation().writeTo(ImageTarget.path(image, options.durability()));
    }

    /**
     * Sends the image to a stream, which is flushed and stays open. Where a file, pipe or socket is directly below the stream, payload
     * moves by splice: the stream of a file, of {@code Files}, of a {@code Process}, of a {@code Socket}, or {@code System.out}, also
     * through a {@code BufferedOutputStream} or {@code PrintStream}. Otherwise it goes through one buffer of 64 KiB. An image that
     * cannot be finished ends with ERROR and the reason, or in the middle of a pipe's bytes, so that no reader takes it for a whole one.
     *
     * <p>If another thread closes the stream of a file, pipe or socket meanwhile, a wait for room in it ends by a
     * {@link CancelledException}.
     *
     * @throws UnavailableException if the kernel, a permission or a limit does not allow it
     * @throws TimedOutException if a wait takes too long
     * @throws CancelledException if the thread is interrupted while it waits, or the stream is closed
     * @throws StandpipeException if it fails otherwise, also if the stream does: its exception is the cause
     */
    public CheckpointReport writeTo(OutputStream image) throws StandpipeException {
        return operation().writeTo(ImageTarget.stream(image));
    }

    /**
     * Sends the image to a channel, which stays open, as {@link #writeTo(OutputStream)} does. Payload moves by splice to a
     * {@code FileChannel}, at its position, a {@code SocketChannel} or a {@code Pipe.SinkChannel}. The channel may be in non-blocking
     * mode, and is waited for then.
     *
     * @throws UnavailableException if the kernel, a permission or a limit does not allow it
     * @throws TimedOutException if a wait takes too long
     * @throws CancelledException if the thread is interrupted while it waits, or the channel is closed
     * @throws StandpipeException if it fails otherwise, also if the channel does: its exception is the cause
     */
    public CheckpointReport writeTo(WritableByteChannel image) throws StandpipeException {
        return operation().writeTo(ImageTarget.channel(image));
    }

    /**
     * Writes the image to a store, where it appears when it is whole; if anything fails the store is as it was.
     *
     * @throws UnavailableException if the kernel, a permission or a limit does not allow it
     * @throws TimedOutException if a wait takes too long
     * @throws CancelledException if the thread is interrupted while it waits
     * @throws StandpipeException if it fails otherwise, also if the store does: its exception is the cause
     */
    public CheckpointReport writeTo(ImageStore image) throws StandpipeException {
        return operation().writeTo(ImageTarget.store(image));
    }

    /**
     * Sends the image to a descriptor of this process, which stays open: a pipe, a socket or a file, as {@link #writeTo(OutputStream)}
     * does.
     *
     * @throws UnavailableException if the kernel, a permission or a limit does not allow it
     * @throws TimedOutException if a wait takes too long
     * @throws CancelledException if the thread is interrupted while it waits
     * @throws StandpipeException if it fails otherwise, also if its reader goes away, or if it is a terminal
     */
    public CheckpointReport streamTo(int descriptor) throws StandpipeException {
        return operation().writeTo(ImageTarget.descriptor(descriptor));
    }

    /**
     * Takes a snapshot, which the caller closes.
     *
     * @throws UnavailableException if the kernel, a permission or a limit does not allow it
     * @throws StandpipeException if it fails otherwise: no such process, an fd that is no pipe
     */
    public Snapshot snapshot() throws StandpipeException {
        return new Snapshot(operation().takeSnapshot(), options.durability());
    }

    /** Returns one run of this checkpoint. */
    CheckpointOperation operation() {
        return new CheckpointOperation(targets, options, progress);
    }

    private static int target(long pid) {
        if (pid == ProcessCalls.pid()) {
            throw new IllegalArgumentException(
                    "pid " + pid + " is this process: name its descriptors with Checkpoint.ofDescriptors");
        }
        return TargetCheck.pid(pid);
    }
}
