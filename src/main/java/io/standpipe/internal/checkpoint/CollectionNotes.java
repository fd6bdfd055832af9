// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.checkpoint;

import io.standpipe.Image;
import io.standpipe.StandpipeException;
import io.standpipe.internal.format.Task;
import io.standpipe.internal.proc.FdKind;
import io.standpipe.internal.proc.FdTable;
import io.standpipe.internal.proc.ProcessEndedException;
import io.standpipe.internal.proc.UserNamespace;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.FdNames;
import io.standpipe.internal.sys.Flags;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Notes what of processes is not saved, though it might be expected, or is saved in another way than it was: a sentence each. */
public final class CollectionNotes {

    private static final int STANDARD_ERROR = 2;

    private final List<String> notes;
    private final List<String> withoutPipes = new ArrayList<>();
    private final List<String> standardSockets = new ArrayList<>();
    /** Processes whose pipes are all left out, a sentence each. */
    private final List<String> allLeftOut = new ArrayList<>();
    private final List<Integer> leftOutPipes = new ArrayList<>();
    private int otherSockets;

    /** @param notes where the sentences are added */
    CollectionNotes(List<String> notes) {
        this.notes = notes;
    }

    /** Notes a process of a tree that ended before its pipes were found. */
    void ended(ProcessEndedException e) {
        notes.add(e.getMessage() + ", and is left out");
        forget();
    }

    /** Notes a pipe whose owner the image cannot name. */
    void owner(OpenPipe pipe) throws IOException {
        Image.Inode inode = pipe.inode();
        if (UserNamespace.isUnmapped((int) inode.uid(), (int) inode.gid())) {
            notes.add(pipe + ": its owner or group is not mapped in this user namespace; saved are user " + inode.uid()
                    + " and group " + inode.gid() + ", which the kernel shows in their place");
        }
    }

    /** Notes what a process has in place of a pipe; {@link #end} follows when all its fds were looked at. */
    void noPipe(int thread, int fd, int mode) throws IOException {
        if ((mode & Flags.S_IFMT) == Flags.S_IFSOCK) {
            if (fd <= STANDARD_ERROR) {
                standardSockets.add(fd + " is " + FdKind.describe(thread, fd, mode));
            } else {
                otherSockets++;
            }
        }
    }

    /** Notes fds that were to be left out: of those that are not open another number may have been meant. */
    void leftOut(DescriptorSource source) throws StandpipeException {
        for (int fd : source.leftOut().stream().toArray()) {
            try {
                FdTable.flags(source.thread(), fd);
                if (isPipe(source.thread(), fd)) {
                    leftOutPipes.add(fd);
                }
            } catch (NoSuchFileException e) {
                notes.add(notOpen(fd, source.id()));
            } catch (IOException e) {
                throw Failures.of("descriptor " + fd + " of process " + source.id(), e);
            }
        }
    }

    private static boolean isPipe(int thread, int fd) throws IOException {
        Path link = Path.of("/proc/" + thread + "/fd/" + fd);
        return Files.readSymbolicLink(link).toString().startsWith("pipe:")
                || ((int) Files.getAttribute(link, "unix:mode") & Flags.S_IFMT) == Flags.S_IFIFO;
    }

    /** Returns what is said of an fd that was to be left out, and is not open. */
    public static String notOpen(int fd, int pid) {
        return "descriptor " + fd + " of process " + pid + " was to be left out, and is not open";
    }

    /** Ends the notes of a process, or of a thread with a table of its own, all of whose fds were to be saved. */
    void end(Task task, boolean hasPipes) {
        String name = "process " + task.pid();
        if (!hasPipes && !leftOutPipes.isEmpty()) {
            endLeftOut(task, leftOutPipes);
            return;
        }
        if (task.pid() != task.threadGroup()) {
            if (hasPipes) {
                notes.add("thread " + task.pid() + " of process " + task.threadGroup()
                        + " has a table of descriptors of its own: it is saved as " + name);
            }
        } else if (!standardSockets.isEmpty()) {
            notes.add(name + (hasPipes ? ": descriptor " : " has no pipes; descriptor ") + String.join(", ", standardSockets)
                    + (otherSockets > 0 ? ", and it has more sockets: " + otherSockets : "") + "; only pipes and FIFOs are saved");
        } else if (!hasPipes) {
            withoutPipes.add(task.pid() + (otherSockets > 0 ? " (sockets: " + otherSockets + ")" : ""));
        }
        forget();
    }

    /** Ends the notes of a process whose pipes are all left out, as these fds. */
    void endLeftOut(Task task, List<Integer> fds) {
        allLeftOut.add("process " + task.pid() + ": no pipe of it is saved, since " + FdNames.of(fds)
                + (fds.size() == 1 ? " is" : " are") + " left out");
        forget();
    }

    /**
     * Ends the notes of all processes.
     *
     * @throws IllegalArgumentException if nothing is left to be saved, for what the caller left out
     */
    void finish(boolean hasPipes) {
        if (!hasPipes && !allLeftOut.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", allLeftOut));
        }
        notes.addAll(allLeftOut);
        if (!withoutPipes.isEmpty()) {
            notes.add((withoutPipes.size() == 1 ? "process " : "processes ") + String.join(", ", withoutPipes)
                    + (withoutPipes.size() == 1 ? " has" : " have") + " no pipes");
        }
    }

    private void forget() {
        leftOutPipes.clear();
        standardSockets.clear();
        otherSockets = 0;
    }
}
