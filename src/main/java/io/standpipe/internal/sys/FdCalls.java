// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import io.standpipe.internal.jni.Native;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;

import java.io.FileDescriptor;
import java.lang.ref.Reference;

/** Descriptors, and the open file descriptions behind them. Every descriptor made here is close-on-exec. */
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

    /** The call that failed in place of F_SETFL, as descriptor.c numbers it. */
    private static final String[] BEFORE_SETTING = {"", "dup3 before ", "fork before ", "waitpid after "};

    private FdCalls() {}

    /** A second descriptor of the same open file description, with the lowest free number. */
    public static Fd duplicate(int fd) throws ErrnoException {
        return duplicateFrom(fd, 0);
    }

    /** A second descriptor of the same open file description, with the lowest free number from a floor on. */
    public static Fd duplicateFrom(int fd, int lowestNumber) throws ErrnoException {
        return Fd.owning(fcntl(fd, F_DUPFD_CLOEXEC, lowestNumber, "F_DUPFD_CLOEXEC"));
    }

    /** A second descriptor at a chosen number; what was open there is closed. */
    public static Fd duplicateTo(int fd, int number) throws ErrnoException {
        int result = Native.sp_dup3(fd, number, Flags.O_CLOEXEC);
        if (result < 0) {
            throw new ErrnoException(result, "dup3(fd=" + fd + ", fdNew=" + number + ", O_CLOEXEC)");
        }
        return Fd.owning(result);
    }

    /** The type of the file system that a descriptor's file is on (fstatfs), as {@code linux/magic.h} numbers them. */
    public static long fileSystemType(int fd) throws ErrnoException {
        long result = Native.sp_fstatfs(fd);
        if (result < 0) {
            throw new ErrnoException((int) result, "fstatfs(fd=" + fd + ")");
        }
        return result;
    }

    /** Access mode and status flags of the open file description (F_GETFL). */
    public static int statusFlags(int fd) throws ErrnoException {
        return fcntl(fd, F_GETFL, 0, "F_GETFL");
    }

    /** Sets the status flags of the open file description that can be set (F_SETFL); others are ignored. */
    public static void setStatusFlags(int fd, int flags) throws ErrnoException {
        fcntl(fd, F_SETFL, flags, "F_SETFL");
    }

    /**
     * The same, as whoever had the descriptor at another number would: a signal of a description tells the number by
     * which O_ASYNC was set. Whatever this process has at that number stays as it is.
     */
    public static void setStatusFlagsAt(int fd, int number, int flags) throws ErrnoException {
        if (fd == number) {
            setStatusFlags(fd, flags);
            return;
        }
        long result = Native.sp_set_flags_at(fd, number, flags);
        if (result < 0) {
            throw new ErrnoException(result, BEFORE_SETTING[(int) (-result >> Integer.SIZE)]
                    + "fcntl(fd=" + fd + " at " + number + ", F_SETFL, 0" + Integer.toOctalString(flags) + ")");
        }
    }

    /** Who gets the signals of an open file description (F_GETOWN_EX). */
    public static SignalOwner signalOwner(int fd) throws ErrnoException {
        NativeMemory memory = ScratchMemory.take(SignalOwner.LENGTH);
        try {
            int result = Native.sp_fcntl(fd, F_GETOWN_EX, memory.address(0, SignalOwner.LENGTH));
            if (result < 0) {
                throw new ErrnoException(result, "fcntl(fd=" + fd + ", F_GETOWN_EX)");
            }
            return SignalOwner.read(memory.buffer());
        } finally {
            ScratchMemory.giveBack(memory);
        }
    }

    /** Says who gets the signals of an open file description (F_SETOWN_EX). */
    public static void setSignalOwner(int fd, SignalOwner owner) throws ErrnoException {
        NativeMemory memory = NativeMemory.nativeOrder(SignalOwner.LENGTH);
        owner.write(memory.buffer());
        int result = Native.sp_fcntl(fd, F_SETOWN_EX, memory.address());
        Reference.reachabilityFence(memory);
        if (result < 0) {
            throw new ErrnoException(result, "fcntl(fd=" + fd + ", F_SETOWN_EX, " + owner + ")");
        }
    }

    /** The signal that an open file description sends, 0 being SIGIO without further information (F_GETSIG). */
    public static int signal(int fd) throws ErrnoException {
        return fcntl(fd, F_GETSIG, 0, "F_GETSIG");
    }

    /** Says which signal an open file description sends (F_SETSIG). */
    public static void setSignal(int fd, int signal) throws ErrnoException {
        fcntl(fd, F_SETSIG, signal, "F_SETSIG");
    }

    /** Changes the owner and the group of the inode (fchown). */
    public static void setInodeOwner(int fd, int uid, int gid) throws ErrnoException {
        int result = Native.sp_fchown(fd, uid, gid);
        if (result < 0) {
            throw new ErrnoException(
                    result,
                    "fchown(fd=" + fd + ", uid=" + Integer.toUnsignedString(uid) + ", gid=" + Integer.toUnsignedString(gid)
                            + ")");
        }
    }

    /** Changes the permission bits of the inode (fchmod). */
    public static void setInodeMode(int fd, int mode) throws ErrnoException {
        int result = Native.sp_fchmod(fd, mode);
        if (result < 0) {
            throw new ErrnoException(result, "fchmod(fd=" + fd + ", mode=0" + Integer.toOctalString(mode) + ")");
        }
    }

    /** Whether the descriptor is closed by an exec. */
    public static boolean isCloseOnExec(int fd) throws ErrnoException {
        return (fcntl(fd, F_GETFD, 0, "F_GETFD") & FD_CLOEXEC) != 0;
    }

    /** Lets an exec close the descriptor, or leave it open. */
    public static void setCloseOnExec(int fd, boolean closing) throws ErrnoException {
        fcntl(fd, F_SETFD, closing ? FD_CLOEXEC : 0, "F_SETFD");
    }

    /** Whether a number is an open descriptor of this process. */
    public static boolean isOpen(int fd) {
        return Native.sp_fcntl(fd, F_GETFD, 0) != -Errno.EBADF;
    }

    /** Refuses a number that is not open, with the error that says so. */
    static void checkOpen(int fd) throws ErrnoException {
        isCloseOnExec(fd);
    }

    /** Hands a descriptor to a new {@link FileDescriptor}: whatever stream is built on that closes it. */
    public static FileDescriptor toJava(Fd fd) {
        FileDescriptor descriptor = new FileDescriptor();
        Native.sp_java_descriptor(descriptor, fd.number());
        fd.release();
        return descriptor;
    }

    private static int fcntl(int fd, int command, int argument, String name) throws ErrnoException {
        int result = Native.sp_fcntl(fd, command, argument);
        if (result < 0) {
            throw new ErrnoException(result, "fcntl(fd=" + fd + ", " + name + ", " + argument + ")");
        }
        return result;
    }
}
