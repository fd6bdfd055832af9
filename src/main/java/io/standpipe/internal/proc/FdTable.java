// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.proc;

import io.standpipe.internal.sys.FdInfo;
import io.standpipe.internal.sys.Stat;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;


import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.BitSet;
import java.util.OptionalLong;

/** A process's table of descriptors, as /proc/PID/fd and /proc/PID/fdinfo show it. */
public final class FdTable {

    private static final int O_CLOEXEC = 02000000;

    private FdTable() {}

    /**
     * The numbers of a process's open descriptors, ascending.
     *
     * @throws NoSuchFileException if there is no such process
     * @throws java.nio.file.AccessDeniedException if it is not the caller's to look at
     */
    public static int[] numbers(int pid) throws IOException {
        return numbersWithout(new BitSet(), pid);
    }

    /** The same, but for numbers that the caller knows. */
    static int[] numbersWithout(BitSet known, int pid) throws IOException {
        try (Fd folder = folder(pid)) {
            return numbersWithout(known, pid, folder);
        }
    }

    /**
     * The same of a folder that is open.
     *
     * @throws NoSuchFileException if the process has ended since it was opened
     */
    static int[] numbersWithout(BitSet known, int pid, Fd folder) throws IOException {
        return ProcDirectory.numbers(path(pid), folder, known);
    }

    /** The folder that lists a process's descriptors, with the exceptions of {@link #numbers}. */
    static Fd folder(int pid) throws IOException {
        return ProcDirectory.open(path(pid));
    }

    private static String path(int pid) {
        return "/proc/" + pid + "/fd";
    }

    /**
     * How many descriptors a process has open: since Linux 6.2 that is the size of the folder, before it is counted. The exceptions
     * are those of {@link #numbers}.
     */
    public static int count(int pid) throws IOException {
        try (Fd folder = folder(pid)) {
            long size = new Stat().read(folder.number()).sizeBytes();
            return size > 0 ? (int) size : numbersWithout(new BitSet(), pid, folder).length;
        }
    }

    /**
     * Whether a descriptor is closed by an exec: the only property that a copy of it does not have.
     *
     * @throws NoSuchFileException if the descriptor is closed
     */
    public static boolean isCloseOnExec(int pid, int fd) throws IOException {
        return (flags(pid, fd) & O_CLOEXEC) != 0;
    }

    /**
     * Access mode, status flags and close-on-exec of a descriptor, in the bits of open.
     *
     * @throws NoSuchFileException if the descriptor is closed
     * @throws java.nio.file.AccessDeniedException if it is not the caller's to look at
     */
    public static int flags(int pid, int fd) throws IOException {
        int flags = info(pid, fd).flags();
        if (flags < 0) {
            throw new IOException(infoPath(pid, fd) + " has no line 'flags:'");
        }
        return flags;
    }

    /** The inode number of what a descriptor refers to, without asking its file system; Linux 5.14 and later tell it. */
    static OptionalLong inode(int pid, int fd) throws IOException {
        long inode = info(pid, fd).inode();
        return inode == 0 ? OptionalLong.empty() : OptionalLong.of(inode);
    }

    private static FdInfo info(int pid, int fd) throws IOException {
        try {
            return new FdInfo().read(pid, fd);
        } catch (ErrnoException e) {
            throw ProcDirectory.known(infoPath(pid, fd), e);
        }
    }

    private static String infoPath(int pid, int fd) {
        return "/proc/" + pid + "/fdinfo/" + fd;
    }
}
