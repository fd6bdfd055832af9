// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.proc;

import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.PathCalls;
import io.standpipe.internal.sys.Stat;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;


import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;

/**
 * The path of a FIFO as a process sees it, from its own root and in its own mount namespace.
 *
 * @param path absolute, as bytes: it need not be text in any encoding
 * @param nameless whether it leads to that FIFO no longer: unlinked, or something else is there
 */
public record FifoPath(byte[] path, boolean nameless) {

    private static final byte[] DELETED = " (deleted)".getBytes(StandardCharsets.US_ASCII);

    /**
     * Finds the path of a FIFO that a process has open.
     *
     * @param dev the FIFO's st_dev, {@code ino} its st_ino: what the path is held against
     * @throws NoSuchFileException if the process has it open no more
     */
    public static FifoPath of(int pid, int fd, long dev, long ino) throws ErrnoException, NoSuchFileException {
        byte[] link = readLink("/proc/" + pid + "/fd/" + fd);
        byte[] path = below(readLink("/proc/" + pid + "/root"), link);
        if (leadsTo(pid, path, dev, ino)) {
            return new FifoPath(path, false);
        }
        return new FifoPath(withoutMark(path), true);
    }

    private static byte[] readLink(String path) throws ErrnoException, NoSuchFileException {
        try {
            return PathCalls.readLink(path);
        } catch (ErrnoException e) {
            if (e.errno() == Errno.ENOENT || e.errno() == Errno.ESRCH) {
                throw new NoSuchFileException(path);
            }
            throw e;
        }
    }

    /** The link is told from this process's root: what lies above the other's is taken off. */
    private static byte[] below(byte[] root, byte[] link) {
        boolean inside = root.length > 1
                && link.length > root.length
                && link[root.length] == '/'
                && Arrays.equals(root, 0, root.length, link, 0, root.length);
        return inside ? Arrays.copyOfRange(link, root.length, link.length) : link;
    }

    private static boolean leadsTo(int pid, byte[] path, long dev, long ino) throws ErrnoException {
        try (Fd root = FileCalls.open(
                        FileCalls.CURRENT_FOLDER, "/proc/" + pid + "/root", Flags.O_PATH | Flags.oDirectory(), 0);
                Fd found = PathCalls.openInRoot(root.number(), path, Flags.O_PATH | Flags.oNoFollow())) {
            Stat stat = new Stat().read(found.number());
            return stat.dev() == dev && stat.ino() == ino;
        } catch (ErrnoException e) {
            switch (e.errno()) {
                case Errno.ENOENT:
                case Errno.ENOTDIR:
                case Errno.ELOOP:
                case Errno.ENAMETOOLONG:
                    return false;
                case Errno.EACCES:
                    return !isMarked(path); // A folder on the way is closed to this user: only the kernel's mark tells.
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
