// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import io.standpipe.internal.exec.CommandExec;
import io.standpipe.internal.exec.CommandSpawner;
import io.standpipe.internal.format.ImageReader;
import io.standpipe.internal.inplace.InPlaceRestore;
import io.standpipe.internal.inplace.TrackedFds;
import io.standpipe.internal.restore.PidMapping;
import io.standpipe.internal.restore.RestoreOperation;
import io.standpipe.internal.restore.RestoreOptions;
import io.standpipe.internal.restore.RestoredSet;
import io.standpipe.internal.store.ImageFileSource;
import io.standpipe.internal.store.MemoryImage;
import io.standpipe.internal.store.PayloadSource;
import io.standpipe.internal.store.ProgressTracker;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Puts saved pipes back: into this process, or into a command that this process becomes. All or nothing: the whole image is
 * checked before the first pipe is made, and if anything fails then every descriptor made so far is closed.
 *
 * <pre>{@code
 * try (RestoredPipes pipes = Restore.from(image).open()) {
 *     InputStream in = pipes.inputStream(3);
 *     ...
 * }
 * }</pre>
 *
 * Immutable and safe for use by several threads.
 */
public final class Restore {

    private final PayloadSource.Opener source;
    private final RestoreOptions options;
    private final Progress progress;

    private Restore(PayloadSource.Opener source, RestoreOptions options, Progress progress) {
        this.source = source;
        this.options = options;
        this.progress = progress;
    }

    /** Restores from an image file, which nothing may write to while pipes restored from it are in use. */
    public static Restore from(Path image) {
        return of(reporter -> ImageFileSource.open(image));
    }

    /**
     * Restores from an image that comes through a descriptor of this process, which stays open: a pipe, a socket or a file.
     * It is read when it is first asked for, to its end, into memory outside the heap; so this serves once.
     */
    public static Restore fromStream(int descriptor) {
        return of(reporter -> ImageFileSource.take(descriptor, reporter));
    }

    /** Restores from an image in the heap, of which nothing may be changed meanwhile. */
    public static Restore fromBytes(byte[] image) {
        return of(reporter -> MemoryImage.open(image));
    }

    private static Restore of(PayloadSource.Opener source) {
        return new Restore(source, RestoreOptions.DEFAULT, null);
    }

    /** Restores from a snapshot, without an image in between; it stays as it is. */
    public static Restore from(Snapshot snapshot) {
        return of(reporter -> snapshot.open());
    }

    private Restore with(RestoreOptions chosen) {
        return new Restore(source, chosen, progress);
    }

    /** The same, telling a listener how far it has come. */
    public Restore reporting(Progress listener) {
        return new Restore(source, options, listener);
    }

    /**
     * The same, with payload copied. Otherwise whole pages are spliced: the pipes then share them with the image's page
     * cache, and whoever overwrites the image in place changes bytes not yet read.
     */
    public Restore copying() {
        return with(options.withCopying());
    }

    /**
     * The same, going on where something cannot be as it was: a smaller capacity where a limit allows no more and the bytes
     * still fit, another owner, signals for a process that the image does not hold. {@link RestoredPipes#deviations()}
     * tells of each.
     */
    public Restore bestEffort() {
        return with(options.withBestEffort());
    }

    /**
     * The same, with FIFOs allowed whose path is below a folder; without this none is opened, since the paths come from the
     * image. Symbolic links may lead anywhere below the folder, but the last step may not be one.
     */
    public Restore fifosBelow(Path folder) {
        return with(options.withFifos(folder, false));
    }

    /** The same, with FIFOs allowed, and their paths taken from a folder as the root: that of a container, say. */
    public Restore fifosInRoot(Path root) {
        return with(options.withFifos(root, true));
    }

    /** The same, with a FIFO made anew where its path leads nowhere; otherwise that is refused. */
    public Restore creatingFifos() {
        return with(options.withCreatedFifos());
    }

    /**
     * The same, with a FIFO that had been unlinked made at its path and unlinked again; otherwise an anonymous pipe takes its
     * place, and {@link RestoredPipes#deviations()} says so.
     */
    public Restore recreatingUnlinkedFifos() {
        return with(options.withUnlinkedFifos());
    }

    /**
     * Reads and checks the image; makes nothing.
     *
     * @throws ImageRefusedException if it is no image, or a damaged one
     */
    public Image check() throws StandpipeException {
        try (ImageFileSource input = openImage()) {
            return input.check();
        }
    }

    /**
     * The pipes that were saved, in the order in which they were met; makes nothing.
     *
     * @throws ImageRefusedException if it is no image, or a damaged one
     */
    public List<Image.Pipe> pipes() throws StandpipeException {
        try (PayloadSource opened = source.open(ProgressTracker.NONE)) {
            opened.processes();
            return List.copyOf(opened.pipes().values());
        }
    }

    /**
     * What was queued in a saved pipe, which the caller closes.
     *
     * @param objref of the pipe, as {@link #pipes()} tells it
     * @throws ImageRefusedException if it is no image, or a damaged one
     */
    public Payload payload(int objref) throws StandpipeException {
        return Payload.open(source.open(ProgressTracker.NONE), objref);
    }

    /** The same, of the only pipe that was saved. */
    public Payload payload() throws StandpipeException {
        return Payload.open(source.open(ProgressTracker.NONE), null);
    }

    /** The bare list of the image's records, which is checked first. */
    public List<Image.RecordEntry> records() throws StandpipeException {
        try (ImageFileSource input = openImage()) {
            input.check();
            return ImageReader.records(input);
        } catch (StandpipeException e) {
            throw e;
        } catch (IOException e) {
            throw new StandpipeException(e.getMessage(), e);
        }
    }

    private ImageFileSource openImage() throws StandpipeException {
        PayloadSource opened = source.open(ProgressTracker.to(progress));
        if (opened instanceof ImageFileSource image) {
            return image;
        }
        opened.close();
        throw new IllegalStateException("a snapshot is no image: write it to one first");
    }

    /**
     * Restores into this process.
     *
     * @throws ImageRefusedException if it is no image, a damaged one, or one of several processes
     * @throws UnavailableException if the kernel, a permission or a limit does not allow it
     */
    public RestoredPipes open() throws StandpipeException {
        ProgressTracker tracker = ProgressTracker.to(progress);
        try (PayloadSource opened = source.open(tracker)) {
            RestoreOperation operation = new RestoreOperation(opened, options, tracker);
            List<Image.Process> saved = single(operation);
            RestoredSet restored = operation.restore(saved, PidMapping.thisProcess(saved));
            return new RestoredPipes(restored.single(), restored.deviations());
        }
    }

    private static List<Image.Process> single(RestoreOperation operation) throws StandpipeException {
        List<Image.Process> saved = operation.processes();
        if (saved.size() != 1) {
            throw new ImageRefusedException(operation + ": holds " + saved.size()
                    + " processes, expected 1; give each of them a command with --run PID=COMMAND"
                    + " (in the library, Restore.start, or Restore.openAll)");
        }
        return saved;
    }

    /**
     * Restores into this process, at the very numbers that the descriptors had, which must all be free: for Java objects that
     * have those numbers still. {@link PipesInPlace} restores where the pipes are open, too. All or nothing.
     *
     * @throws StandpipeException also if a number is taken, which the message names
     */
    public InPlaceReport inPlace() throws StandpipeException {
        return inPlace(new TrackedFds(), null, false);
    }

    /** @param claimed the numbers that Java objects have still; null where all are to be filled */
    InPlaceReport inPlace(TrackedFds places, Set<Integer> claimed, boolean cuttingOff) throws StandpipeException {
        ProgressTracker tracker = ProgressTracker.to(progress);
        try (PayloadSource opened = source.open(tracker)) {
            RestoreOperation operation = new RestoreOperation(opened, options, tracker);
            return new InPlaceRestore(opened, operation, places, cuttingOff)
                    .restore(single(operation).get(0), claimed);
        }
    }

    /**
     * Restores the descriptors of all processes into this one: what came from a process is found by its pid.
     *
     * @throws ImageRefusedException if it is no image, or a damaged one
     * @throws UnavailableException if the kernel, a permission or a limit does not allow it
     */
    public RestoredProcesses openAll() throws StandpipeException {
        ProgressTracker tracker = ProgressTracker.to(progress);
        try (PayloadSource opened = source.open(tracker)) {
            RestoreOperation operation = new RestoreOperation(opened, options, tracker);
            List<Image.Process> saved = operation.processes();
            return new RestoredProcesses(operation.restore(saved, PidMapping.thisProcess(saved)));
        }
    }

    /**
     * Starts commands in place of processes: each has the descriptors that the process had, at their old numbers, and of this
     * process's own standard input, output and error. All or none are started. A process without a command is gone: its
     * descriptors are closed.
     *
     * @param commands the pid that a process had, to the program, looked for in PATH, and its arguments
     * @throws CommandException if a command cannot be run; then none is left running
     * @throws IllegalArgumentException if no process had such a pid
     */
    public StartedCommands start(Map<Integer, List<String>> commands) throws StandpipeException {
        return start(commands, Set.of());
    }

    /**
     * The same.
     *
     * @param inherited numbers of descriptors of this process that the commands are to have too
     */
    public StartedCommands start(Map<Integer, List<String>> commands, Set<Integer> inherited) throws StandpipeException {
        CommandSpawner spawner = CommandSpawner.of(commands, inherited);
        ProgressTracker tracker = ProgressTracker.to(progress);
        try (PayloadSource opened = source.open(tracker)) {
            RestoreOperation operation = new RestoreOperation(opened, options, tracker);
            List<Image.Process> saved = operation.processes();
            spawner.check(saved, opened.toString());
            try (RestoredSet restored = operation.restore(saved, null)) {
                tracker.next(Progress.Phase.START);
                List<Integer> gone = new ArrayList<>(restored.byPid().keySet());
                gone.removeAll(commands.keySet());
                List<StartedCommand> started = spawner.start(restored).stream().map(StartedCommand::new).toList();
                return new StartedCommands(started, gone, restored.deviations());
            }
        }
    }

    /** Becomes a command that has, of this process's own descriptors, standard input, output and error. */
    public void exec(List<String> command) throws StandpipeException {
        exec(command, Set.of(0, 1, 2));
    }

    /**
     * Becomes a command, which has the descriptors at their old numbers, and of this process's own descriptors those named,
     * unless saved ones had their numbers. Descriptors that were close-on-exec are handed over too: the exec would close
     * them otherwise. Returns only by an exception.
     *
     * @param command the program, looked for in PATH, and its arguments
     * @param inherited numbers of descriptors of this process that the command is to have; all others are closed
     * @throws CommandException if the command cannot be run
     */
    public void exec(List<String> command, Set<Integer> inherited) throws StandpipeException {
        exec(command, inherited, deviation -> {});
    }

    /** The same; each deviation is told before the command takes over. */
    public void exec(List<String> command, Set<Integer> inherited, Consumer<String> deviations)
            throws StandpipeException {
        CommandExec exec = CommandExec.of(command, inherited);
        ProgressTracker tracker = ProgressTracker.to(progress);
        try (RestoredSet restored = restoreForCommand(tracker)) {
            tracker.next(Progress.Phase.START);
            restored.deviations().forEach(deviations);
            exec.become(restored.single().placement());
        }
    }

    private RestoredSet restoreForCommand(ProgressTracker tracker) throws StandpipeException {
        try (PayloadSource opened = source.open(tracker)) {
            RestoreOperation operation = new RestoreOperation(opened, options, tracker);
            List<Image.Process> saved = single(operation);
            CommandExec.checkNumbers(saved.get(0));
            return operation.restore(saved, PidMapping.thisCommand(saved));
        }
    }
}
