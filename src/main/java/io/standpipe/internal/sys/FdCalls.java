// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import io.standpipe.internal.jni.Native;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;

import java.io.FileDescriptor;
import java.lang.ref.Reference;

/** Fds and their open file descriptions. Every fd made here is close-on-exec. */
public final class FdCalls {

    private static final int F_GETFD = 1;
    private static final int F_SETFD = 2;
    private static final int F_GETFL = 3;
    private static final int F_SETFL = 4;
    private static final int F_SETSIG = 10;
    private static final int F_GETSIG = 11;
    private static final int F_SETOWN_EX = 15;
    private static final int F_GETOWN_EX = 16;
    private static final int F_DUPFD_CLOEXEC = 1030;
    private static final int FD_CLOEXEC = 1;
    private static final int CLOSE_RANGE_CLOEXEC = 4;

    /** The calls around F_SETFL, numbered as in descriptor.c. */
    private static final String[] AROUND_SETFL = {"", "dup3 before ", "fork before ", "waitpid after "};

    /** The calls of a replacement, numbered as in place.c. */
    private static final String[] REPLACING = {"dup3", "kcmp", "epoll_ctl", "fcntl", "fstat"};

    private FdCalls() {}

    /** Returns a new fd of the same open file description, the lowest that is free (F_DUPFD_CLOEXEC). */
    public static Fd duplicate(int fd) throws ErrnoException {
        return duplicateFrom(fd, 0);
    }

    /** Returns a new fd of the same open file description, the lowest free one that is not below {@code lowestFd}. */
    public static Fd duplicateFrom(int fd, int lowestFd) throws ErrnoException {
        return Fd.owning(fcntl(fd, F_DUPFD_CLOEXEC, lowestFd, "F_DUPFD_CLOEXEC"));
    }

    /** Makes {@code fdTarget} an fd of the same open file description (dup3). What was open there is closed. */
    public static Fd duplicateTo(int fd, int fdTarget) throws ErrnoException {
        int result = Native.sp_dup3(fd, fdTarget, Flags.O_CLOEXEC);
        if (result < 0) {
            throw new ErrnoException(result, "dup3(fd=" + fd + ", fdNew=" + fdTarget + ", O_CLOEXEC)");
        }
        return Fd.owning(result);
    }

    /**
     * Makes {@code fdTarget} an fd of another open file description (dup3), if it still refers to the expected one (F_DUPFD_QUERY,
     * kcmp, or an epoll set).
     *
     * @param fdExpected another fd of the description that is replaced
     * @param fd an fd of the description that replaces it
     * @param fdSet an epoll set that watches {@code fdTarget}, where the kernel cannot compare the two (see {@link
     *     FileDescriptionCalls#isComparable}); otherwise -1
     * @return false if {@code fdTarget} refers to something else or is not open; then nothing changes
     */
    public static boolean replace(int fdExpected, int fd, int fdTarget, boolean closeOnExec, int fdSet) throws ErrnoException {
        long result = Native.sp_replace(fdExpected, fd, fdTarget, closeOnExec ? Flags.O_CLOEXEC : 0, fdSet);
        if (result >= 0) {
            return true;
        }
        int errno = (int) -result;
        if (errno == Errno.EBUSY || errno == Errno.EBADF) {
            return false;
        }
        throw new ErrnoException(result, REPLACING[(int) (-result >> Integer.SIZE)]
                + "(expected=" + fdExpected + ", new=" + fd + ", target=" + fdTarget + ")");
    }

    /** Returns the type of the file system that a file is on (fstatfs), as {@code linux/magic.h} numbers them. */
    public static long fileSystemType(int fd) throws ErrnoException {
        long result = Native.sp_fstatfs(fd);
        if (result < 0) {
            throw new ErrnoException((int) result, "fstatfs(fd=" + fd + ")");
        }
        return result;
    }

    /** Returns the access mode and the status flags of an open file description (F_GETFL). */
    public static int statusFlags(int fd) throws ErrnoException {
        return fcntl(fd, F_GETFL, 0, "F_GETFL");
    }

    /** Sets the status flags of an open file description (F_SETFL). The kernel ignores those that cannot be set. */
    public static void setStatusFlags(int fd, int flags) throws ErrnoException {
        fcntl(fd, F_SETFL, flags, "F_SETFL");
    }

    /**
     * Sets the status flags of an open file description as if {@code fd} were {@code fdSeen}: a signal of the description names
     * the fd by which O_ASYNC was set (si_fd). What this process has open at {@code fdSeen} stays there.
     */
    public static void setStatusFlagsAt(int fd, int fdSeen, int flags) throws ErrnoException {
        if (fd == fdSeen) {
            setStatusFlags(fd, flags);
            return;
        }
        long result = Native.sp_set_flags_at(fd, fdSeen, flags);
        if (result < 0) {
            throw new ErrnoException(result, AROUND_SETFL[(int) (-result >> Integer.SIZE)]
                    + "fcntl(fd=" + fd + " at " + fdSeen + ", F_SETFL, 0" + Integer.toOctalString(flags) + ")");
        }
    }

    /** Returns who gets the signals of an open file description (F_GETOWN_EX). */
    public static SignalOwner signalOwner(int fd) throws ErrnoException {
        NativeMemory memory = ScratchMemory.take(SignalOwner.LENGTH_BYTES);
        try {
            int result = Native.sp_fcntl(fd, F_GETOWN_EX, memory.address(0, SignalOwner.LENGTH_BYTES));
            if (result < 0) {
                throw new ErrnoException(result, "fcntl(fd=" + fd + ", F_GETOWN_EX)");
            }
            return SignalOwner.read(memory.buffer());
        } finally {
            ScratchMemory.giveBack(memory);
        }
    }

    /** Sets who gets the signals of an open file description (F_SETOWN_EX). */
    public static void setSignalOwner(int fd, SignalOwner owner) throws ErrnoException {
        NativeMemory memory = NativeMemory.nativeOrder(SignalOwner.LENGTH_BYTES);
        owner.write(memory.buffer());
        int result = Native.sp_fcntl(fd, F_SETOWN_EX, memory.address());
        Reference.reachabilityFence(memory);
        if (result < 0) {
            throw new ErrnoException(result, "fcntl(fd=" + fd + ", F_SETOWN_EX, " + owner + ")");
        }
    }

    /** Returns the signal that an open file description sends (F_GETSIG): 0 is SIGIO without a siginfo. */
    public static int signal(int fd) throws ErrnoException {
        return fcntl(fd, F_GETSIG, 0, "F_GETSIG");
    }

    /** Sets the signal that an open file description sends (F_SETSIG). */
    public static void setSignal(int fd, int signal) throws ErrnoException {
        fcntl(fd, F_SETSIG, signal, "F_SETSIG");
    }

    /** Sets the owner and the group of the inode (fchown). */
    public static void setInodeOwner(int fd, int uid, int gid) throws ErrnoException {
        int result = Native.sp_fchown(fd, uid, gid);
        if (result < 0) {
            throw new ErrnoException(
                    result,
                    "fchown(fd=" + fd + ", uid=" + Integer.toUnsignedString(uid) + ", gid=" + Integer.toUnsignedString(gid)
                            + ")");
        }
    }

    /** Sets the permission bits of the inode (fchmod). */
    public static void setInodeMode(int fd, int mode) throws ErrnoException {
        int result = Native.sp_fchmod(fd, mode);
        if (result < 0) {
            throw new ErrnoException(result, "fchmod(fd=" + fd + ", mode=0" + Integer.toOctalString(mode) + ")");
        }
    }

    /** Returns whether an exec closes the fd (F_GETFD). */
    public static boolean isCloseOnExec(int fd) throws ErrnoException {
        return (fcntl(fd, F_GETFD, 0, "F_GETFD") & FD_CLOEXEC) != 0;
    }

    /** Sets whether an exec closes the fd (F_SETFD). */
    public static void setCloseOnExec(int fd, boolean closeOnExec) throws ErrnoException {
        fcntl(fd, F_SETFD, closeOnExec ? FD_CLOEXEC : 0, "F_SETFD");
    }

    /** Has an exec close the fd, by close_range with CLOSE_RANGE_CLOEXEC (Linux 5.11; EINVAL before). */
    public static void closeRangeAtExec(int fd) throws ErrnoException {
        closeRange(fd, CLOSE_RANGE_CLOEXEC, ", CLOSE_RANGE_CLOEXEC)");
    }

    /** Closes the fd by close_range (Linux 5.9). */
    public static void closeRange(Fd fd) throws ErrnoException {
        closeRange(fd.number(), 0, ")");
        fd.release();
    }

    private static void closeRange(int fd, int flags, String end) throws ErrnoException {
        int result = Native.sp_close_range(fd, fd, flags);
        if (result < 0) {
            throw new ErrnoException(result, "close_range(" + fd + ", " + fd + end);
        }
    }

    /** Returns whether this process has the fd open. */
    public static boolean isOpen(int fd) {
        return Native.sp_fcntl(fd, F_GETFD, 0) != -Errno.EBADF;
    }

    /** Throws EBADF if this process does not have the fd open. */
    static void checkOpen(int fd) throws ErrnoException {
        isCloseOnExec(fd);
    }

    /** Hands an fd on to a new {@link FileDescriptor}: a stream that is built on it closes the fd. */
    public static FileDescriptor toJava(Fd fd) {
        FileDescriptor descriptor = new FileDescriptor();
        setJava(descriptor, fd.number());
        fd.release();
        return descriptor;
    }

    /** Sets the fd of a {@link FileDescriptor}: -1 where it is to count as closed. */
    public static void setJava(FileDescriptor descriptor, int fd) {
        Native.sp_java_descriptor(descriptor, fd);
    }

    private static int fcntl(int fd, int command, int argument, String name) throws ErrnoException {
        int result = Native.sp_fcntl(fd, command, argument);
        if (result < 0) {
            throw new ErrnoException(result, "fcntl(fd=" + fd + ", " + name + ", " + argument + ")");
        }
        return result;
    }
}
