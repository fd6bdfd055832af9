// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import io.standpipe.internal.jni.Native;
import io.standpipe.internal.jni.NativeLibrary;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import org.jspecify.annotations.Nullable;

/** Calls on processes and threads, and what the kernel says of this process. */
public final class ProcessCalls {

    private static final int KCMP_FILES = 2;
    private static final int RLIMIT_NOFILE = 7;
    private static final int PIDFD_THREAD = 0200;

    private ProcessCalls() {}

    /** Returns an fd that stands for a process (pidfd_open). */
    public static Fd pidfdOpen(int pid) throws ErrnoException {
        int result = Native.sp_pidfd_open(pid, 0);
        if (result < 0) {
            throw new ErrnoException(result, "pidfd_open(pid=" + pid + ")");
        }
        return Fd.owning(result);
    }

    /** Returns an fd that stands for a thread (pidfd_open with PIDFD_THREAD, Linux 6.9; EINVAL before). */
    public static Fd pidfdOpenThread(int thread) throws ErrnoException {
        int result = Native.sp_pidfd_open(thread, PIDFD_THREAD);
        if (result < 0) {
            throw new ErrnoException(result, "pidfd_open(tid=" + thread + ", PIDFD_THREAD)");
        }
        return Fd.owning(result);
    }

    /** Duplicates an fd of another process into this one (pidfd_getfd). Needs the right to ptrace that process. */
    public static Fd pidfdGetFd(int pidfd, int fd) throws ErrnoException {
        int result = Native.sp_pidfd_getfd(pidfd, fd, 0);
        if (result < 0) {
            throw new ErrnoException(result, "pidfd_getfd(pidfd=" + pidfd + ", targetfd=" + fd + ")");
        }
        return Fd.owning(result);
    }

    /** Returns whether a process has ended, with all its threads. */
    public static boolean hasEnded(Fd pidfd) throws ErrnoException {
        return awaitEnd(pidfd, 0);
    }

    /** Waits for the end of a process, which need not be a child; returns false if in vain. */
    public static boolean awaitEnd(Fd pidfd, int timeoutMillis) throws ErrnoException {
        return PipeCalls.awaitBytes(pidfd.number(), timeoutMillis);
    }

    /** Sends a signal to a process (pidfd_send_signal); returns false if it has ended, and its parent knows. */
    public static boolean signal(Fd pidfd, int signal) throws ErrnoException {
        int result = Native.sp_pidfd_send_signal(pidfd.number(), signal);
        if (result < 0 && result != -Errno.ESRCH) {
            throw new ErrnoException(result, "pidfd_send_signal(pidfd=" + pidfd.number() + ", signal=" + signal + ")");
        }
        return result >= 0;
    }

    /** Returns the failure of copying an fd of this very process, which needs no right; null if it succeeds. */
    public static @Nullable ErrnoException refusalOfCopies() {
        try (Fd self = pidfdOpen(pid())) {
            pidfdGetFd(self.number(), self.number()).close();
            return null;
        } catch (ErrnoException e) {
            return e;
        }
    }

    /**
     * Waits for the end of a child of this process and reaps it (waitpid): afterwards its pid is free. The thread waits in the
     * kernel and cannot be interrupted.
     *
     * @param pid what {@link Spawn#start} returned
     * @return the wait status as the kernel encodes it
     */
    public static int waitFor(int pid) throws ErrnoException {
        if (pid <= 0) {
            // To waitpid those stand for any child, and the JDK reaps its own.
            throw new IllegalArgumentException("pid is " + pid + ", expected 1 or more");
        }
        long result = Native.sp_waitpid(pid);
        if (result < 0) {
            throw new ErrnoException(result, "waitpid(pid=" + pid + ")");
        }
        return (int) result;
    }

    /**
     * Compares the fd tables of two processes (kcmp).
     *
     * @return 0 if they share one; otherwise less or more than 0, an order that stays the same while both have theirs
     */
    public static int compareTables(int pid1, int pid2) throws ErrnoException {
        int result = Native.sp_kcmp(pid1, pid2, KCMP_FILES, 0, 0);
        if (result < 0) {
            throw new ErrnoException(result, "kcmp(pid1=" + pid1 + ", pid2=" + pid2 + ", KCMP_FILES)");
        }
        return FileDescriptionCalls.order(result);
    }

    /**
     * Returns this process's pid in its own PID namespace (getpid). {@link ProcessHandle} would start a pool of threads for that.
     *
     * @return 0, which is no process's, if the native library cannot be loaded: what is made with it fails as soon as it begins
     */
    public static int pid() {
        return NativeLibrary.failure() == null ? Native.sp_getpid() : 0;
    }

    /** Returns the calling thread's id in this process's own PID namespace (gettid). */
    public static int thread() {
        return Native.sp_gettid();
    }

    /** Returns the parent's pid in this process's own PID namespace (getppid): 0 for a parent outside of it. */
    public static int parent() {
        return Native.sp_getppid();
    }

    /** Returns this process's group in its own PID namespace (getpgrp). */
    public static int processGroup() {
        return Native.sp_getpgrp();
    }

    /** Returns this process's session in its own PID namespace (getsid). */
    public static int session() {
        return Native.sp_getsid();
    }

    /** Returns the name of the kernel (uname). Asked anew each time: a process may have been carried to another host. */
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

    /**
     * Has the system call that a thread of this process is in begin anew (tgkill). A thread that is in none notices nothing.
     *
     * @return false if the JVM has no handler for the signal that this takes, or if there is no such thread
     */
    public static boolean interruptThread(int thread) throws ErrnoException {
        int result = Native.sp_interrupt_thread(thread);
        if (result < 0 && result != -Errno.EOPNOTSUPP && result != -Errno.ESRCH) {
            throw new ErrnoException(result, "tgkill(tid=" + thread + ")");
        }
        return result >= 0;
    }

    /** Returns how many fds this process may have open, which is one more than the highest fd (RLIMIT_NOFILE). */
    public static long descriptorLimit() throws ErrnoException {
        long result = Native.sp_getrlimit(RLIMIT_NOFILE);
        if (result < 0) {
            throw new ErrnoException(result, "prlimit64(RLIMIT_NOFILE)");
        }
        return result;
    }
}
