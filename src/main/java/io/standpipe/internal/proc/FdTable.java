// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.proc;

import io.standpipe.internal.sys.FdInfo;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.Stat;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.BitSet;
import java.util.OptionalLong;

/** The fd table of a process, as /proc/PID/fd and /proc/PID/fdinfo show it. Errors are those of {@link ProcDirectory}. */
public final class FdTable {

    private FdTable() {}

    /**
     * Returns a process's open fds, ascending.
     *
     * @throws NoSuchFileException if there is no such process
     * @throws java.nio.file.AccessDeniedException if this process may not look at it
     */
    public static int[] fds(int pid) throws IOException {
        return fdsExcept(new BitSet(), pid);
    }

    /** Returns a process's open fds except for {@code excluded}, ascending; throws as {@link #fds}. */
    public static int[] fdsExcept(BitSet excluded, int pid) throws IOException {
        try (Fd directory = open(pid)) {
            return fdsExcept(excluded, pid, directory);
        }
    }

    /**
     * Returns a process's open fds except for {@code excluded}, ascending.
     *
     * @param directory of {@link #open}
     * @throws NoSuchFileException if the process has ended since the directory was opened
     */
    static int[] fdsExcept(BitSet excluded, int pid, Fd directory) throws IOException {
        return ProcDirectory.numbers(path(pid), directory, excluded);
    }

    /** Opens the directory that lists a process's fds; throws as {@link #fds}. */
    static Fd open(int pid) throws IOException {
        return ProcDirectory.open(path(pid));
    }

    private static String path(int pid) {
        return "/proc/" + pid + "/fd";
    }

    /** Returns how many fds a process has open: since Linux 6.2 that is the directory's size. Throws as {@link #fds}. */
    public static int count(int pid) throws IOException {
        try (Fd directory = open(pid)) {
            long size = Stat.of(directory.number()).sizeBytes();
            return size > 0 ? (int) size : fdsExcept(new BitSet(), pid, directory).length;
        } catch (ErrnoException e) {
            throw ProcDirectory.translated(path(pid), e); // It has ended since the directory was opened.
        }
    }

    /**
     * Returns whether an fd is closed by an exec. A duplicate of the fd has not got this property.
     *
     * @throws NoSuchFileException if the fd is closed
     */
    public static boolean isCloseOnExec(int pid, int fd) throws IOException {
        return (flags(pid, fd) & Flags.O_CLOEXEC) != 0;
    }

    /**
     * Returns the access mode, the status flags and O_CLOEXEC of an fd.
     *
     * @throws NoSuchFileException if the fd is closed
     * @throws java.nio.file.AccessDeniedException if this process may not look at it
     */
    public static int flags(int pid, int fd) throws IOException {
        int flags = info(pid, fd).flags();
        if (flags < 0) {
            throw new IOException(infoPath(pid, fd) + " has no line 'flags:'");
        }
        return flags;
    }

    /** Returns the inode number of an fd's file without asking the file system; empty before Linux 5.14. */
    static OptionalLong inode(int pid, int fd) throws IOException {
        long inode = info(pid, fd).inode();
        return inode == 0 ? OptionalLong.empty() : OptionalLong.of(inode);
    }

    private static FdInfo info(int pid, int fd) throws IOException {
        try {
            return FdInfo.of(pid, fd);
        } catch (ErrnoException e) {
            throw ProcDirectory.translated(infoPath(pid, fd), e);
        }
    }

    private static String infoPath(int pid, int fd) {
        return "/proc/" + pid + "/fdinfo/" + fd;
    }
}
