// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import io.standpipe.bridge.DescriptorCalls;
import io.standpipe.bridge.ErrnoException;
import io.standpipe.bridge.Fd;
import io.standpipe.image.Image;
import io.standpipe.image.RecordList;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
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

    private final Path image;
    private final RestoreOptions options;

    private Restore(Path image, RestoreOptions options) {
        this.image = image;
        this.options = options;
    }

    /** Restores from an image file, which nothing may write to while pipes restored from it are in use. */
    public static Restore from(Path image) {
        return new Restore(image, RestoreOptions.DEFAULT);
    }

    /**
     * The same, with payload copied. Otherwise whole pages are spliced: the pipes then share them with the image's page
     * cache, and whoever overwrites the image in place changes bytes not yet read.
     */
    public Restore copying() {
        return new Restore(image, new RestoreOptions(true, options.bestEffort(), options.fifoBase(), options.reRooted(),
                options.creatingFifos(), options.unlinkedInPlace()));
    }

    /**
     * The same, going on where something cannot be as it was: a smaller capacity where a limit allows no more and the bytes
     * still fit, another owner, signals for a process that the image does not hold. {@link RestoredPipes#deviations()}
     * tells of each.
     */
    public Restore bestEffort() {
        return new Restore(image, new RestoreOptions(options.copying(), true, options.fifoBase(), options.reRooted(),
                options.creatingFifos(), options.unlinkedInPlace()));
    }

    /**
     * The same, with FIFOs allowed whose path is below a folder; without this none is opened, since the paths come from the
     * image. Symbolic links may lead anywhere below the folder, but the last step may not be one.
     */
    public Restore fifosBelow(Path folder) {
        return new Restore(image, new RestoreOptions(options.copying(), options.bestEffort(), folder, false,
                options.creatingFifos(), options.unlinkedInPlace()));
    }

    /** The same, with FIFOs allowed, and their paths taken from a folder as the root: that of a container, say. */
    public Restore fifosInRoot(Path root) {
        return new Restore(image, new RestoreOptions(options.copying(), options.bestEffort(), root, true,
                options.creatingFifos(), options.unlinkedInPlace()));
    }

    /** The same, with a FIFO made anew where its path leads nowhere; otherwise that is refused. */
    public Restore creatingFifos() {
        return new Restore(image, new RestoreOptions(options.copying(), options.bestEffort(), options.fifoBase(),
                options.reRooted(), true, options.unlinkedInPlace()));
    }

    /**
     * The same, with a FIFO that had been unlinked made at its path and unlinked again; otherwise an anonymous pipe takes its
     * place, and {@link RestoredPipes#deviations()} says so.
     */
    public Restore recreatingUnlinkedFifos() {
        return new Restore(image, new RestoreOptions(options.copying(), options.bestEffort(), options.fifoBase(),
                options.reRooted(), options.creatingFifos(), true));
    }

    /**
     * Reads and checks the image; makes nothing.
     *
     * @throws ImageRefusedException if it is no image, or a damaged one
     */
    public Image check() throws StandpipeException {
        try (ImageInput input = ImageInput.open(image)) {
            return input.check();
        }
    }

    /** The bare list of the image's records, which is checked first. */
    public List<RecordList.Entry> records() throws StandpipeException {
        try (ImageInput input = ImageInput.open(image)) {
            input.check();
            return RecordList.of(input);
        } catch (StandpipeException e) {
            throw e;
        } catch (IOException e) {
            throw new StandpipeException("image " + image + ": " + e.getMessage(), e);
        }
    }

    /**
     * Restores into this process.
     *
     * @throws ImageRefusedException if it is no image, a damaged one, or one of several processes
     * @throws UnavailableException if the kernel, a permission or a limit does not allow it
     */
    public RestoredPipes open() throws StandpipeException {
        try (ImageInput input = ImageInput.open(image)) {
            Image checked = input.check();
            if (checked.processes().size() != 1) {
                throw new ImageRefusedException("image " + image + ": holds " + checked.processes().size()
                        + " processes, expected 1");
            }
            return restore(input, checked.processes().get(0));
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
        CommandHandover handover = CommandHandover.to(command, inherited);
        try (RestoredPipes pipes = open()) {
            pipes.deviations().forEach(deviations);
            handover.become(pipes.placement());
        }
    }

    private RestoredPipes restore(ImageInput input, Image.Process saved) throws StandpipeException {
        TreeMap<Integer, Fd> restored = new TreeMap<>();
        Map<Image.Description, Fd> byDescription = new IdentityHashMap<>();
        Deviations deviations = new Deviations(options.bestEffort());
        boolean complete = false;
        FileRestorers restorers = new FileRestorers(input, options, deviations);
        try {
            for (Image.Descriptor descriptor : inOrder(saved.table().descriptors())) {
                Fd first = byDescription.get(descriptor.description());
                Fd fd = first == null ? restorers.restore(descriptor.description()) : duplicate(first);
                restored.put(descriptor.number(), fd);
                byDescription.putIfAbsent(descriptor.description(), fd);
            }
            restorers.settle();
            restoreSignals(new SignalState(saved.task(), deviations), byDescription);
            complete = true;
            return new RestoredPipes(restored, asynchronous(byDescription), deviations.told());
        } finally {
            if (!complete) {
                asynchronous(byDescription).forEach(SignalState::silence);
                restored.values().forEach(Fd::close);
                restorers.undo();
            }
            restorers.close();
        }
    }

    /** Readers of FIFOs that have met no writer come last: what is opened after them could be one. */
    private static List<Image.Descriptor> inOrder(List<Image.Descriptor> saved) {
        List<Image.Descriptor> ordered = new ArrayList<>(saved);
        ordered.sort(Comparator.comparing(descriptor -> descriptor.description().file().hasMetNoWriter()));
        return ordered;
    }

    private static void restoreSignals(SignalState state, Map<Image.Description, Fd> byDescription)
            throws StandpipeException {
        for (Map.Entry<Image.Description, Fd> entry : byDescription.entrySet()) {
            state.restore(entry.getValue(), entry.getKey());
        }
    }

    private static List<Fd> asynchronous(Map<Image.Description, Fd> byDescription) {
        return byDescription.entrySet().stream()
                .filter(entry -> SignalState.isAsync(entry.getKey()))
                .map(Map.Entry::getValue)
                .toList();
    }

    private static Fd duplicate(Fd fd) throws StandpipeException {
        try {
            return DescriptorCalls.duplicate(fd.number());
        } catch (ErrnoException e) {
            throw Failure.of("a second descriptor", e);
        }
    }
}
