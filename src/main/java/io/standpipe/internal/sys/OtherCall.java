// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The system calls beside {@link BlockingCall} and {@link OpenCall} in which threads often wait, with what for. They are looked up for
 * people only, and a call that is missing here is named by its number.
 */
public enum OtherCall {
    FUTEX(202, 98, "a lock or another thread"),
    FUTEX_WAITV(449, 449, "a lock or another thread"),
    FUTEX_WAIT(455, 455, "a lock or another thread"),
    NANOSLEEP(35, 101, "a timer"),
    CLOCK_NANOSLEEP(230, 115, "a timer"),
    WAIT4(61, 260, "the end of a child"),
    WAITID(247, 95, "the end of a child"),
    VFORK(58, OtherCall.NONE, "the start of a child"),
    CLONE(56, 220, "the start of a child"),
    CLONE3(435, 435, "the start of a child"),
    PAUSE(34, OtherCall.NONE, "a signal"),
    RT_SIGSUSPEND(130, 133, "a signal"),
    RT_SIGTIMEDWAIT(128, 137, "a signal"),
    ACCEPT(43, 202, OtherCall.DESCRIPTOR),
    ACCEPT4(288, 242, OtherCall.DESCRIPTOR),
    CONNECT(42, 203, OtherCall.DESCRIPTOR),
    PREAD64(17, 67, OtherCall.DESCRIPTOR),
    PWRITE64(18, 68, OtherCall.DESCRIPTOR),
    FSYNC(74, 82, OtherCall.DESCRIPTOR),
    FDATASYNC(75, 83, OtherCall.DESCRIPTOR),
    FLOCK(73, 32, OtherCall.DESCRIPTOR),
    FCNTL(72, 25, OtherCall.DESCRIPTOR),
    IOCTL(16, 29, OtherCall.DESCRIPTOR),
    IO_URING_ENTER(426, 426, OtherCall.DESCRIPTOR),
    IO_GETEVENTS(208, 4, "asynchronous I/O"),
    IO_PGETEVENTS(333, 292, "asynchronous I/O"),
    SEMOP(65, 193, "a semaphore"),
    SEMTIMEDOP(220, 192, "a semaphore"),
    MSGRCV(70, 188, "a message queue"),
    MSGSND(69, 189, "a message queue"),
    MQ_TIMEDRECEIVE(243, 183, "a message queue"),
    MQ_TIMEDSEND(242, 182, "a message queue"),
    RESTART_SYSCALL(219, 128, "a timer, or a call that was interrupted");

    /** The architecture has no such call. */
    private static final int NONE = -2;

    /** In place of what the call waits for: it has an fd, its first argument. */
    private static final String DESCRIPTOR = "";

    private final int number;
    private final String awaited;

    /** The number of a call is part of the kernel's interface, and never changes. */
    OtherCall(int numberOnX86, int numberOnArm, String awaited) {
        number = System.getProperty("os.arch", "").equals("aarch64") ? numberOnArm : numberOnX86;
        this.awaited = awaited;
    }

    /** Returns the call with this number, or null if it is none of these. */
    public static @Nullable OtherCall of(int number) {
        for (OtherCall call : values()) {
            if (call.number == number) {
                return call;
            }
        }
        return null;
    }

    /** Returns the call's number on this machine. */
    int number() {
        return number;
    }

    /** Returns whether the first argument is an fd, which the call is about. */
    public boolean hasDescriptor() {
        return awaited.equals(DESCRIPTOR);
    }

    /** Returns what the call waits for, in words; empty if it has an fd. */
    public String awaited() {
        return awaited;
    }

    /** Returns the call's name as in C. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
