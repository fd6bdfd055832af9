// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli.criu;

import io.standpipe.Image;
import io.standpipe.internal.format.Task;
import io.standpipe.internal.restore.Replacements;
import io.standpipe.internal.restore.RestoreOptions;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Which of the saved descriptions are not restored: those that the caller has something else for, and those that only CRIU can restore. */
final class TreeChoices {

    private final SavedTree tree;
    private final boolean fifosLeft;
    private final Map<Integer, Integer> replaced = new HashMap<>();

    /** @throws IllegalArgumentException if the dump has no such descriptor */
    TreeChoices(SavedTree tree, List<TreeRestore.Inherited> inherited) {
        this.tree = tree;
        fifosLeft = hasOwnMounts(tree.dump().directory());
        for (TreeRestore.Inherited each : inherited) {
            Image.Description description = description(each);
            Integer other = replaced.put(description.objref(), each.fd());
            if (other != null && other != each.fd()) {
                throw new IllegalArgumentException("--inherit: descriptor " + each.savedFd()
                        + " shares its open file description with another one, which descriptor " + other + " is to replace: name one of the two");
            }
        }
    }

    private Image.Description description(TreeRestore.Inherited each) {
        List<Image.Process> processes = tree.image().processes();
        if (each.pid() == 0 && processes.size() != 1) {
            throw new IllegalArgumentException("--inherit: there were " + processes.size() + " processes: name one, as "
                    + each.fd() + "=PID:" + each.savedFd() + "; their pids were " + Replacements.pids(processes));
        }
        for (Image.Process process : processes) {
            if (each.pid() == 0 || each.pid() == process.pid()) {
                for (Image.Descriptor descriptor : process.table().descriptors()) {
                    if (descriptor.fd() == each.savedFd()) {
                        return descriptor.description();
                    }
                }
                throw new IllegalArgumentException(
                        "--inherit: descriptor " + each.savedFd() + " of process " + process.pid() + " was of no pipe, or not open");
            }
        }
        throw new IllegalArgumentException("--inherit: no process had pid " + each.pid() + "; their pids were " + Replacements.pids(processes));
    }

    /** Processes in a mount namespace of their own find a FIFO where this process does not. */
    private static boolean hasOwnMounts(Path directory) {
        try (DirectoryStream<Path> mounts = Files.newDirectoryStream(directory, "mountpoints-*.img")) {
            return mounts.iterator().hasNext();
        } catch (IOException e) {
            return false; // Whatever the reason is: reading the images says so.
        }
    }

    /** Returns the options of the restore: FIFOs may be anywhere, since CRIU trusts the paths in its images, too. */
    RestoreOptions options(boolean bestEffort) {
        RestoreOptions options = RestoreOptions.DEFAULT.withFifos(Path.of("/"), true).withCreatedFifos().withRecreatedFifos();
        options = bestEffort ? options.withBestEffort() : options;
        for (Image.Process process : tree.image().processes()) {
            for (Image.Descriptor descriptor : process.table().descriptors()) {
                if (isLeftOut(descriptor.description())) {
                    options = options.withReplaced(Task.pid(process), descriptor.fd(), Replacements.NOTHING);
                }
            }
        }
        return options;
    }

    private boolean isLeftOut(Image.Description description) {
        return replaced.containsKey(description.objref()) || fifosLeft && description.isFifo();
    }

    /** Returns the fds of this process by the descriptions in whose place they are. */
    Map<Integer, Integer> replaced() {
        return replaced;
    }

    /** Returns what is to be known of what is left out. */
    List<String> notes() {
        List<String> notes = new ArrayList<>();
        if (fifosLeft && anyDescription(Image.Description::isFifo)) {
            notes.add("the processes have a mount namespace of their own: FIFOs are restored by CRIU alone, as far as it can");
        }
        return notes;
    }

    private boolean anyDescription(Predicate<Image.Description> which) {
        return tree.image().processes().stream()
                .flatMap(process -> process.table().descriptors().stream())
                .map(Image.Descriptor::description).anyMatch(which);
    }
}
