// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import io.standpipe.internal.exec.Command;
import io.standpipe.internal.exec.CommandSpawner;
import io.standpipe.internal.inplace.InPlaceRestore;
import io.standpipe.internal.inplace.TrackedFds;
import io.standpipe.internal.proc.TargetCheck;
import io.standpipe.internal.restore.ImageSource;
import io.standpipe.internal.restore.PidMapping;
import io.standpipe.internal.restore.Replacements;
import io.standpipe.internal.restore.RestoreOperation;
import io.standpipe.internal.restore.RestoreOptions;
import io.standpipe.internal.restore.RestoredSet;
import io.standpipe.internal.store.ImageFileSource;
import io.standpipe.internal.store.MemoryImage;
import io.standpipe.internal.store.PayloadSource;
import io.standpipe.internal.store.ProgressTracker;
import io.standpipe.internal.sys.WaitLimit;
import java.io.InputStream;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Restores saved pipes: into this process, or into a command that this process becomes. All or nothing: the whole image is
 * checked before the first pipe is made, and if anything fails then every fd made so far is closed.
 *
 * <pre>{@code
 * try (RestoredPipes pipes = Restore.from(image).open();
 *         InputStream in = pipes.inputStream(3)) {
 *     ...
 * }
 * }</pre>
 *
 * Immutable and safe for use by several threads. The methods that choose something return another object with that choice.
 *
 * @since 0.1
 */
public final class Restore {

    private final PayloadSource.Opener source;
    private final RestoreOptions options;
    private final @Nullable Progress progress;

    private Restore(PayloadSource.Opener source, RestoreOptions options, @Nullable Progress progress) {
        this.source = source;
        this.options = options;
        this.progress = progress;
    }

    /**
     * Restores from an image file, which nothing may write to while pipes restored from it are in use. A path of another file system
     * than the default one, such as that of a zip file, is read into memory outside the heap for each restore.
     */
    public static Restore from(Path image) {
        return of(ImageSource.path(image));
    }

    /**
     * Restores from an image that comes through a stream. The image is read when it is first needed, to its end and no further (unless
     * the stream itself reads ahead), into memory outside the heap, and checked before anything is made: it can be restored once.
     * Where a file, pipe or socket is directly below the stream, payload moves by splice: the stream of a file, of {@code Files}, of a
     * {@code Process}, of a {@code Socket} that has no timeout, or {@code System.in}. Otherwise it goes through one buffer.
     *
     * @param image stays open
     */
    public static Restore from(InputStream image) {
        return of(ImageSource.stream(image));
    }

    /**
     * Restores from an image that comes through a channel, as {@link #from(InputStream)} does. The channel may be in non-blocking mode,
     * and is waited for then.
     *
     * @param image stays open; of a {@code FileChannel} the image begins at its position
     */
    public static Restore from(ReadableByteChannel image) {
        return of(ImageSource.channel(image));
    }

    /** Restores from an image in a store, which is read into memory outside the heap for each restore. */
    public static Restore from(ImageStore image) {
        return of(ImageSource.store(image));
    }

    /**
     * Restores from an image that comes through a descriptor, as {@link #from(InputStream)} does.
     *
     * @param fd of this process, a pipe, a socket or a file; stays open
     */
    public static Restore fromStream(int fd) {
        return of(ImageSource.descriptor(fd));
    }

    /** Restores from an image in an array, which must not be changed meanwhile. */
    public static Restore fromBytes(byte[] image) {
        return of((tracker, limit) -> MemoryImage.open(image));
    }

    /** Restores from a snapshot, without an image in between; the snapshot stays as it is. */
    public static Restore from(Snapshot snapshot) {
        return of((tracker, limit) -> snapshot.open());
    }

    private static Restore of(PayloadSource.Opener source) {
        return new Restore(source, RestoreOptions.DEFAULT, null);
    }

    private Restore with(RestoreOptions chosen) {
        return new Restore(source, chosen, progress);
    }

    /** Reports to a listener how far the restore has come. */
    public Restore reporting(Progress listener) {
        return new Restore(source, options, listener);
    }

    /**
     * Waits no longer than this in all, for an image that comes through a stream: {@link TimedOutException} is thrown then. Without
     * this choice it is waited for without end. An interrupt of the thread ends the wait, too, by a {@link CancelledException}. A
     * stream, channel or store that has no descriptor below it is interrupted at the timeout: one that heeds no interrupt, such as that of
     * an {@code SSLSocket}, is left after the read in which it waits; {@code setSoTimeout} ends that.
     *
     * @param most zero or more; with zero nothing is waited for
     * @throws IllegalArgumentException if it is negative
     */
    public Restore timeout(Duration most) {
        return with(options.within(WaitLimit.notNegative(most)));
    }

    private WaitLimit limit() {
        return WaitLimit.of(options.timeout());
    }

    /**
     * Copies payload. Without this choice whole pages are spliced: the pipes then share them with the image's page cache, and
     * whoever overwrites the image in place changes bytes that are not yet read.
     */
    public Restore copying() {
        return with(options.withCopying());
    }

    /**
     * Accepts deviations: a smaller capacity where a limit allows no more and the bytes still fit, another owner, no signals for
     * a process that the image does not hold. {@link RestoredPipes#deviations()} returns them.
     */
    public Restore bestEffort() {
        return with(options.withBestEffort());
    }

    /**
     * Allows FIFOs whose path is below a directory. Without this choice no FIFO is opened, since the paths come from the image.
     * Symbolic links may lead anywhere below the directory, but the last part of the path may not be one.
     */
    public Restore fifosBelow(Path directory) {
        return with(options.withFifos(directory, false));
    }

    /** Allows FIFOs, and takes their paths from a directory as the root, for example that of a container. */
    public Restore fifosInRoot(Path root) {
        return with(options.withFifos(root, true));
    }

    /** Makes a FIFO where its path leads nowhere. Without this choice such a restore is refused. */
    public Restore creatingFifos() {
        return with(options.withCreatedFifos());
    }

    /**
     * Makes a FIFO that had been unlinked at its path, and unlinks it again. Without this choice an anonymous pipe takes its
     * place, which {@link RestoredPipes#deviations()} mentions.
     */
    public Restore recreatingUnlinkedFifos() {
        return with(options.withRecreatedFifos());
    }

    /** Leaves out a saved fd of the only process: a command then has what it inherits at that number. */
    public Restore leavingOut(int savedFd) {
        return with(options.withReplaced(Replacements.ONLY_PROCESS, savedFd, Replacements.NOTHING));
    }

    /**
     * Leaves out a saved fd of a process: its command then has what it inherits at that number. {@link RestoredPipes#deviations()}
     * mentions bytes that nobody can read then.
     *
     * @throws IllegalArgumentException if {@code savedPid} can be no pid, or something else was chosen for the fd already
     */
    public Restore leavingOut(long savedPid, int savedFd) {
        return with(options.withReplaced(TargetCheck.pid(savedPid), savedFd, Replacements.NOTHING));
    }

    /** Leaves out a saved fd of the only process, and gives the command an fd of this process at that number instead. */
    public Restore replacing(int savedFd, int fd) {
        return with(options.withReplaced(Replacements.ONLY_PROCESS, savedFd, fd));
    }

    /**
     * Leaves out a saved fd of a process, and gives its command an fd of this process at that number instead; refused if another is
     * chosen already.
     *
     * @throws IllegalArgumentException if {@code savedPid} can be no pid, or something else was chosen for the fd already
     */
    public Restore replacing(long savedPid, int savedFd, int fd) {
        return with(options.withReplaced(TargetCheck.pid(savedPid), savedFd, fd));
    }

    /**
     * Reads and checks the image; makes nothing.
     *
     * @throws ImageRefusedException if the source is not an image, or a damaged one
     * @throws IllegalStateException if the source is a snapshot
     * @throws StandpipeException if it cannot be read, or does not come in time
     */
    public Image check() throws StandpipeException {
        try (ImageFileSource image = openImage()) {
            return image.check();
        }
    }

    /**
     * Returns the saved pipes, in the order in which they were met; makes nothing.
     *
     * @throws ImageRefusedException if the source is not an image, or a damaged one
     * @throws StandpipeException if it cannot be read, or does not come in time
     */
    public List<Image.Pipe> pipes() throws StandpipeException {
        try (PayloadSource opened = source.open(ProgressTracker.NONE, limit())) {
            opened.processes();
            return List.copyOf(opened.pipes().values());
        }
    }

    /**
     * Returns what was queued in a saved pipe.
     *
     * @param objref of the pipe, one of {@link #pipes()}
     * @return the payload, which the caller closes
     * @throws ImageRefusedException if the source is not an image, or a damaged one
     * @throws StandpipeException if it cannot be read, or does not come in time
     */
    public Payload payload(int objref) throws StandpipeException {
        return Payload.open(source.open(ProgressTracker.NONE, limit()), objref);
    }

    /**
     * Returns what was queued in the only pipe that was saved.
     *
     * @return the payload, which the caller closes
     * @throws ImageChoiceException if several pipes were saved, or none
     * @throws ImageRefusedException if the source is not an image, or a damaged one
     * @throws StandpipeException if it cannot be read, or does not come in time
     */
    public Payload payload() throws StandpipeException {
        return Payload.open(source.open(ProgressTracker.NONE, limit()), null);
    }

    /**
     * Returns the records of the image, which is checked first.
     *
     * @throws ImageRefusedException if the source is not an image, or a damaged one
     * @throws StandpipeException if it cannot be read, or does not come in time
     * @throws IllegalStateException if the source is a snapshot
     */
    public List<Image.RecordEntry> records() throws StandpipeException {
        try (ImageFileSource image = openImage()) {
            return image.records();
        }
    }

    private ImageFileSource openImage() throws StandpipeException {
        PayloadSource opened = source.open(ProgressTracker.to(progress), limit());
        if (opened instanceof ImageFileSource image) {
            return image;
        }
        opened.close();
        throw new IllegalStateException("a snapshot is no image: write it to one first");
    }

    private <T> T run(String target, RestoreOperation.Step<T> step) throws StandpipeException {
        return RestoreOperation.run(source, options, ProgressTracker.to(progress), target, step);
    }

    /**
     * Restores into this process.
     *
     * @throws ImageRefusedException if the source is not an image, or a damaged one; {@link ImageChoiceException} if it has several
     *     processes
     * @throws UnavailableException if the kernel, a permission or a limit does not allow it
     * @throws StandpipeException if it fails otherwise
     */
    public RestoredPipes open() throws StandpipeException {
        return run("in this process", operation -> {
            RestoredSet restored = operation.restoreHere(operation.singleProcess());
            return new RestoredPipes(restored.single(), restored.deviations());
        });
    }

    /**
     * Restores into this process, at the saved fds, which must all be free: for Java objects that still have those fds.
     * {@link PipesInPlace} restores pipes that are open, too. All or nothing.
     *
     * @throws StandpipeException also if an fd is in use, which the message names
     */
    public InPlaceReport inPlace() throws StandpipeException {
        return inPlace(new TrackedFds(), null, false);
    }

    /** @param claimed the fds that Java objects still have; null if all saved fds are to be restored */
    InPlaceReport inPlace(TrackedFds tracked, @Nullable Set<Integer> claimed, boolean cuttingOff) throws StandpipeException {
        return run("in place", operation ->
                new InPlaceRestore(operation, tracked, cuttingOff).restore(operation.singleProcess().get(0), claimed));
    }

    /**
     * Restores the fds of all processes into this process.
     *
     * @return the fds by saved pid
     * @throws ImageRefusedException if the source is not an image, or a damaged one
     * @throws UnavailableException if the kernel, a permission or a limit does not allow it
     * @throws StandpipeException if it fails otherwise
     */
    public RestoredProcesses openAll() throws StandpipeException {
        return run("in this process", operation -> new RestoredProcesses(operation.restoreHere(operation.processes())));
    }

    /**
     * Starts commands, as {@link #start(Map, Set)} does, without further inherited fds.
     *
     * @throws CommandException if a command cannot be run; then none is left running
     * @throws ImageRefusedException if the source is not an image, or a damaged one
     * @throws UnavailableException if the kernel, a permission or a limit does not allow it
     * @throws StandpipeException if it fails otherwise
     * @throws IllegalArgumentException if no process had such a pid
     */
    public StartedCommands start(Map<Long, List<String>> commands) throws StandpipeException {
        return start(commands, Set.of());
    }

    /**
     * Starts commands in place of processes: each has the fds of the process at their saved numbers. All or none are started. A
     * process without a command is gone: its fds are closed.
     *
     * @param commands saved pid to the program, which is looked for in PATH, and its arguments
     * @param inherited fds of this process that the commands are to have too, besides standard input, output and error
     * @throws CommandException if a command cannot be run; then none is left running
     * @throws IllegalArgumentException if no process had such a pid
     * @throws ImageRefusedException if the source is not an image, or a damaged one
     * @throws UnavailableException if the kernel, a permission or a limit does not allow it
     * @throws StandpipeException if it fails otherwise
     */
    public StartedCommands start(Map<Long, List<String>> commands, Set<Integer> inherited) throws StandpipeException {
        return start(commands, inherited, deviation -> {});
    }

    /**
     * Starts commands, as {@link #start(Map, Set)} does.
     *
     * @param deviations is given each deviation before the commands run
     * @throws CommandException if a command cannot be run; then none is left running
     * @throws ImageRefusedException if the source is not an image, or a damaged one
     * @throws UnavailableException if the kernel, a permission or a limit does not allow it
     * @throws StandpipeException if it fails otherwise
     * @throws IllegalArgumentException if no process had such a pid
     */
    public StartedCommands start(
            Map<Long, List<String>> commands, Set<Integer> inherited, Consumer<String> deviations)
            throws StandpipeException {
        Map<Integer, List<String>> byPid = new LinkedHashMap<>();
        commands.forEach((pid, command) -> byPid.put(TargetCheck.pid(pid), command));
        return run("in commands", operation -> {
            CommandSpawner spawner = CommandSpawner.of(byPid, inherited);
            List<Image.Process> saved = operation.processes();
            spawner.check(saved, operation.source().toString());
            List<Image.Process> replaced =
                    saved.stream().filter(process -> commands.containsKey(process.pid())).toList();
            try (RestoredSet restored = operation.restore(replaced, null)) {
                restored.addDeviations(operation.lostBytes(replaced));
                restored.addDeviations(operation.unreadPipes(replaced));
                operation.beginStart();
                Set<Integer> gone = Replacements.pids(saved);
                gone.removeAll(byPid.keySet());
                List<StartedCommand> started = new ArrayList<>();
                Map<Integer, Integer> pids = spawner.start(restored, saved, deviations);
                pids.forEach((savedPid, pid) -> started.add(new StartedCommand(savedPid, pid, byPid.getOrDefault(savedPid, List.of()))));
                operation.observation().started(pids.values(), restored.deviations().size());
                return new StartedCommands(started, StartedCommands.programs(saved), gone.stream().map(Integer::longValue).toList(), restored.deviations());
            }
        });
    }

    /**
     * Becomes a command that has, of this process's own fds, standard input, output and error.
     *
     * @throws CommandException if the command cannot be run
     * @throws ImageRefusedException if the source is not an image, or a damaged one
     * @throws UnavailableException if the kernel, a permission or a limit does not allow it
     * @throws StandpipeException if it fails otherwise
     */
    public void exec(List<String> command) throws StandpipeException {
        exec(command, Set.of(0, 1, 2));
    }

    /**
     * Becomes a command, as {@link #exec(List, Set, Consumer)} does, and reports no deviations.
     *
     * @throws CommandException if the command cannot be run
     * @throws ImageRefusedException if the source is not an image, or a damaged one
     * @throws UnavailableException if the kernel, a permission or a limit does not allow it
     * @throws StandpipeException if it fails otherwise
     */
    public void exec(List<String> command, Set<Integer> inherited) throws StandpipeException {
        exec(command, inherited, deviation -> {});
    }

    /**
     * Becomes a command, which has the saved fds at their numbers. Fds that were close-on-exec are handed over too: the exec
     * would close them otherwise. Returns only by an exception.
     *
     * @param command the program, which is looked for in PATH, and its arguments
     * @param inherited fds of this process that the command is to have, unless saved ones had their numbers; all others are
     *     closed
     * @param deviations is given each deviation before the command takes over
     * @throws CommandException if the command cannot be run
     * @throws ImageRefusedException if the source is not an image, or a damaged one
     * @throws UnavailableException if the kernel, a permission or a limit does not allow it
     * @throws StandpipeException if it fails otherwise
     */
    public void exec(List<String> command, Set<Integer> inherited, Consumer<String> deviations)
            throws StandpipeException {
        run("in a command that this process becomes", operation -> {
            Command found = Command.find("command", command);
            List<Image.Process> saved = operation.singleProcess();
            Command.checkFdLimit(saved.get(0));
            try (RestoredSet restored = operation.restore(saved, PidMapping.thisCommand(saved))) {
                restored.addDeviations(operation.lostBytes(saved));
                restored.addDeviations(operation.unreadPipes(saved));
                operation.close(); // The command's descriptors may need the room.
                restored.deviations().forEach(deviations);
                operation.beginStart();
                found.become(restored.single().commandPlacement(), inherited);
                return restored;
            }
        });
    }
}
