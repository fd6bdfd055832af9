// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.proc;

import io.standpipe.internal.sys.PathCalls;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;


import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Finds which processes hold a pipe, as far as this one may look. A file is asked for its status, which a file system that
 * is gone may never answer, only if its link has the name or its descriptor the inode number of what is looked for.
 */
public final class PipeHolderScan {

    private static final int ACCESS_MODE = 3;
    private static final int O_PATH = 010000000;
    private static final BitSet NONE = new BitSet();

    /** A descriptor of a pipe that was looked for; the access mode is O_RDONLY 0, O_WRONLY 1 or O_RDWR 2. */
    public record Holder(int pid, int fd, long dev, long ino, int accessMode) {}

    /** Who is told of what is found: of all pipes with the inode numbers that were wanted, on whatever file system. */
    public interface Finder {
        void found(Holder holder);
    }

    private final Finder finder;
    private final Set<String> names = new HashSet<>();
    private final Set<Long> inodes = new HashSet<>();
    private final Map<Integer, BitSet> known = new HashMap<>();
    private boolean fifos;

    public PipeHolderScan(Finder finder) {
        this.finder = finder;
    }

    /**
     * Has a pipe looked for.
     *
     * @param link what /proc tells of a descriptor of it; null for a FIFO whose name is not known
     */
    public void want(Path link, long ino) {
        inodes.add(ino);
        fifos |= link == null || link.isAbsolute();
        if (link != null) {
            names.add(link.getFileName().toString());
        }
    }

    /** Leaves numbers of a process out, of which the caller knows what they are. */
    public void leaveOut(int pid, BitSet numbers) {
        known.computeIfAbsent(pid, none -> new BitSet()).or(numbers);
    }

    /**
     * Looks through the descriptors of all processes.
     *
     * @return how many processes are not the caller's to look at, or could not be for want of a descriptor or memory
     */
    public int find() throws IOException {
        int unseen = 0;
        for (int pid : Processes.all()) {
            if (!lookAt(pid)) {
                unseen++;
            }
        }
        return unseen;
    }

    /** Whether a holder of a pipe without a name has it still. */
    public static boolean isStill(Holder holder) {
        try {
            byte[] target = PathCalls.readLink("/proc/" + holder.pid() + "/fd/" + holder.fd());
            return new String(target, StandardCharsets.UTF_8)
                    .equals("pipe:[" + Long.toUnsignedString(holder.ino()) + "]");
        } catch (ErrnoException e) {
            return false;
        }
    }

    /** Whether that was allowed, or there is nothing to look at. */
    private boolean lookAt(int pid) {
        try (Fd folder = FdTable.folder(pid)) {
            for (int fd : numbers(pid, folder)) {
                String target = target(folder, fd);
                if (target != null) {
                    lookAt(pid, fd, target);
                }
            }
            return true;
        } catch (AccessDeniedException e) {
            return hasNoDescriptors(pid);
        } catch (ErrnoException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    private int[] numbers(int pid, Fd folder) throws IOException {
        return FdTable.numbersWithout(known.getOrDefault(pid, NONE), pid, folder);
    }

    /** What a descriptor's link holds; null if it has been closed, or the process has ended, since the listing. */
    private static String target(Fd folder, int fd) throws IOException {
        try {
            return new String(PathCalls.readLink(folder.number(), Integer.toString(fd)), StandardCharsets.UTF_8);
        } catch (ErrnoException e) {
            if (e.errno() == Errno.ENOENT || e.errno() == Errno.ESRCH) {
                return null;
            }
            if (e.errno() == Errno.EACCES) {
                throw (IOException) new AccessDeniedException("descriptor " + fd).initCause(e);
            }
            throw e;
        }
    }

    private static boolean hasNoDescriptors(int pid) {
        try {
            ProcessStatus status = ProcessStatus.of(pid);
            return status.isKernelThread() || status.hasEnded();
        } catch (IOException e) {
            return true;
        }
    }

    private void lookAt(int pid, int fd, String target) throws IOException {
        try {
            if (mayBeWanted(pid, fd, target)) {
                lookCloser(pid, fd);
            }
        } catch (AccessDeniedException e) {
            throw e;
        } catch (IOException e) {
            // Closed, or the process ended, between the listing and the look: it holds nothing any more.
            return;
        }
    }

    private void lookCloser(int pid, int fd) throws IOException {
        Map<String, Object> stat =
                Files.readAttributes(Path.of("/proc/" + pid + "/fd/" + fd), "unix:mode,dev,ino");
        long ino = ((Number) stat.get("ino")).longValue();
        if (((Integer) stat.get("mode") & 0170000) != 0010000 || !inodes.contains(ino)) {
            return;
        }
        int flags = FdTable.flags(pid, fd);
        if ((flags & O_PATH) == 0) {
            finder.found(new Holder(pid, fd, ((Number) stat.get("dev")).longValue(), ino, flags & ACCESS_MODE));
        }
    }

    /** A FIFO may have another name too: then its inode number tells, or, before Linux 5.14, that a name is gone. */
    private boolean mayBeWanted(int pid, int fd, String target) throws IOException {
        if (names.contains(target.substring(target.lastIndexOf('/') + 1))) {
            return true;
        }
        if (!fifos || !target.startsWith("/")) {
            return false;
        }
        OptionalLong ino = FdTable.inode(pid, fd);
        return ino.isPresent() ? inodes.contains(ino.getAsLong()) : target.endsWith(" (deleted)");
    }
}
