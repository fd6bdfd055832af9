// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import io.standpipe.internal.jni.Native;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;

/** Other processes, and this process's limits. */
public final class ProcessCalls {

    private static final int KCMP_FILES = 2;
    private static final int RLIMIT_NOFILE = 7;

    /** 0 until somebody has asked. */

    private ProcessCalls() {}

    /** A descriptor that stands for a process (pidfd_open). */
    public static Fd pidfdOpen(int pid) throws ErrnoException {
        int result = Native.sp_pidfd_open(pid, 0);
        if (result < 0) {
            throw new ErrnoException(result, "pidfd_open(pid=" + pid + ")");
        }
        return Fd.owning(result);
    }

    /** A copy of a descriptor of another process: the same open file description. Needs the right to ptrace it. */
    public static Fd pidfdGetFd(int pidfd, int fd) throws ErrnoException {
        int result = Native.sp_pidfd_getfd(pidfd, fd, 0);
        if (result < 0) {
            throw new ErrnoException(result, "pidfd_getfd(pidfd=" + pidfd + ", targetfd=" + fd + ")");
        }
        return Fd.owning(result);
    }

    /** Sends a signal to the process that a pidfd stands for (pidfd_send_signal); 0 only asks whether that may be done. */
    public static void sendSignal(int pidfd, int signal) throws ErrnoException {
        int result = Native.sp_pidfd_send_signal(pidfd, signal);
        if (result < 0) {
            throw new ErrnoException(result, "pidfd_send_signal(pidfd=" + pidfd + ", signal=" + signal + ")");
        }
    }

    /**
     * Waits for the end of a child of this process and fetches how it ended: once, and then its pid is free. The thread
     * waits in the kernel and cannot be interrupted.
     *
     * @param pid what {@link Spawn#start} returned
     * @return how it ended, as waitpid tells it
     */
    public static int waitFor(int pid) throws ErrnoException {
        if (pid <= 0) {
            // Those numbers stand for any child, and the JDK waits for its own.
            throw new IllegalArgumentException("pid is " + pid + ", expected 1 or more");
        }
        long result = Native.sp_waitpid(pid);
        if (result < 0) {
            throw new ErrnoException(result, "waitpid(pid=" + pid + ")");
        }
        return (int) result;
    }

    /**
     * Compares the tables of descriptors of two processes (kcmp): 0 if they share one. Otherwise less or more than 0, an order
     * without meaning that stays the same while both processes have theirs.
     */
    public static int compareTables(int pid1, int pid2) throws ErrnoException {
        int result = Native.sp_kcmp(pid1, pid2, KCMP_FILES, 0, 0);
        if (result < 0) {
            throw new ErrnoException(result, "kcmp(pid1=" + pid1 + ", pid2=" + pid2 + ", KCMP_FILES)");
        }
        return FileDescriptionCalls.order(result);
    }

    /**
     * This process's number, as its own PID namespace has it (getpid). {@link ProcessHandle} tells it too, and starts a pool of
     * threads for that.
     */
    public static int pid() {
        return Native.sp_getpid();
    }

    /** The calling thread's number, as this process's own PID namespace has it (gettid). */
    public static int thread() {
        return Native.sp_gettid();
    }

    /** The parent of this process, as its own PID namespace has it: 0 for one outside (getppid). */
    public static int parent() {
        return Native.sp_getppid();
    }

    /** This process's group, as its own PID namespace has it (getpgrp). */
    public static int processGroup() {
        return Native.sp_getpgrp();
    }

    /** This process's session, as its own PID namespace has it (getsid). */
    public static int session() {
        return Native.sp_getsid();
    }

    /** What the running kernel says of itself, now: a process can be carried to another one. */
    public static Uname kernelName() throws ErrnoException {
        NativeMemory memory = ScratchMemory.take(Uname.LENGTH);
        try {
            int result = Native.sp_uname(memory.address());
            if (result < 0) {
                throw new ErrnoException(result, "uname()");
            }
            return Uname.read(memory.buffer());
        } finally {
            ScratchMemory.giveBack(memory);
        }
    }

    /** The size of a page in bytes. */
    public static int pageSizeBytes() {
        return Native.sp_page_size();
    }

    /** How many descriptors this process may have open: one more than the highest number (RLIMIT_NOFILE). */
    public static long descriptorLimit() throws ErrnoException {
        long result = Native.sp_getrlimit(RLIMIT_NOFILE);
        if (result < 0) {
            throw new ErrnoException(result, "prlimit64(RLIMIT_NOFILE)");
        }
        return result;
    }
}
