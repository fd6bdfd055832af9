// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import io.standpipe.bridge.DescriptorCalls;
import io.standpipe.bridge.ErrnoException;
import io.standpipe.bridge.Fd;
import io.standpipe.image.Image;
import io.standpipe.image.RecordList;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

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
    private final boolean copying;

    private Restore(Path image, boolean copying) {
        this.image = image;
        this.copying = copying;
    }

    /** Restores from an image file, which nothing may write to while pipes restored from it are in use. */
    public static Restore from(Path image) {
        return new Restore(image, false);
    }

    /**
     * The same, with payload copied. Otherwise whole pages are spliced: the pipes then share them with the image's page
     * cache, and whoever overwrites the image in place changes bytes not yet read.
     */
    public Restore copying() {
        return new Restore(image, true);
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
            return new RestoredPipes(
                    restore(input, checked.processes().get(0).table().descriptors()));
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
        CommandHandover handover = CommandHandover.to(command, inherited);
        try (RestoredPipes pipes = open()) {
            handover.become(pipes.placement());
        }
    }

    private TreeMap<Integer, Fd> restore(ImageInput input, List<Image.Descriptor> saved) throws StandpipeException {
        TreeMap<Integer, Fd> restored = new TreeMap<>();
        Map<Integer, Fd> byDescription = new HashMap<>();
        boolean complete = false;
        try (FileRestorers restorers = new FileRestorers(input, copying)) {
            for (Image.Descriptor descriptor : saved) {
                Fd first = byDescription.get(descriptor.description().objref());
                Fd fd = first == null ? restorers.restore(descriptor.description()) : duplicate(first);
                restored.put(descriptor.number(), fd);
                byDescription.putIfAbsent(descriptor.description().objref(), fd);
            }
            complete = true;
            return restored;
        } finally {
            if (!complete) {
                restored.values().forEach(Fd::close);
            }
        }
    }

    private static Fd duplicate(Fd fd) throws StandpipeException {
        try {
            return DescriptorCalls.duplicate(fd.number());
        } catch (ErrnoException e) {
            throw Failure.of("a second descriptor", e);
        }
    }
}
