// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.proc;

import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.PathCalls;
import io.standpipe.internal.sys.Stat;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The path of a FIFO as a process sees it, from the process's root directory and in its mount namespace; or, where it is outside of
 * that root, as this process sees it: a container has FIFOs of the host as its standard streams.
 *
 * @param path absolute, in bytes, which need not be text in any encoding
 * @param unlinked whether the FIFO's name was removed; a FIFO whose path now leads to another file that is mounted there has its name
 */
public record FifoPath(byte[] path, boolean unlinked) {

    private static final byte[] DELETED = " (deleted)".getBytes(StandardCharsets.US_ASCII);

    /**
     * Finds the path of a FIFO that a process has open.
     *
     * @param thread of the process, which has the fd
     * @param stat the FIFO's, which is compared with what is at the path
     * @throws java.nio.file.NoSuchFileException if the process has the fd open no more
     */
    public static FifoPath of(int thread, int fd, Stat stat) throws IOException {
        byte[] link = ProcDirectory.link("/proc/" + thread + "/fd/" + fd);
        String root = "/proc/" + thread + "/root";
        byte[] inside = relativeTo(ProcDirectory.link(root), link);
        if (leadsTo(root, inside, stat)) {
            return new FifoPath(inside, false);
        }
        if (leadsTo("/", link, stat)) {
            return new FifoPath(link, false);
        }
        return new FifoPath(withoutMark(inside), stat.links() == 0 || isMarked(link));
    }

    /**
     * Returns what a link in a process's directory of /proc leads to, as the process sees it.
     *
     * @param directory such as {@code /proc/4711/}
     * @param link such as {@code cwd}
     */
    public static byte[] fromRoot(String directory, String link) throws IOException {
        return relativeTo(ProcDirectory.link(directory + "root"), ProcDirectory.link(directory + link));
    }

    /** Removes the other process's root directory from a link, which starts at this process's root directory. */
    private static byte[] relativeTo(byte[] root, byte[] link) {
        boolean inside = root.length > 1
                && link.length > root.length
                && link[root.length] == '/'
                && Arrays.equals(root, 0, root.length, link, 0, root.length);
        return inside ? Arrays.copyOfRange(link, root.length, link.length) : link;
    }

    private static boolean leadsTo(String rootPath, byte[] path, Stat stat) throws ErrnoException {
        try (Fd root = FileCalls.open(FileCalls.CURRENT_DIRECTORY, rootPath, Flags.O_PATH | Flags.oDirectory(), 0);
                Fd found = PathCalls.openInRoot(root.number(), path, Flags.O_PATH | Flags.oNoFollow())) {
            Stat there = Stat.of(found.number());
            return there.dev() == stat.dev() && there.ino() == stat.ino();
        } catch (ErrnoException e) {
            switch (e.errno()) {
                case Errno.ENOENT:
                case Errno.ENOTDIR:
                case Errno.ELOOP:
                case Errno.ENAMETOOLONG:
                    return false;
                case Errno.EACCES:
                    return !isMarked(path); // This user may not search a directory on the way: only the kernel's mark is left.
                default:
                    throw e;
            }
        }
    }

    private static boolean isMarked(byte[] path) {
        int end = path.length - DELETED.length;
        return end > 0 && Arrays.equals(path, end, path.length, DELETED, 0, DELETED.length);
    }

    private static byte[] withoutMark(byte[] path) {
        return isMarked(path) ? Arrays.copyOf(path, path.length - DELETED.length) : path;
    }
}
