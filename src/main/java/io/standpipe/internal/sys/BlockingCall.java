// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import io.standpipe.internal.jni.Native;
import org.jspecify.annotations.Nullable;

/**
 * The system calls in which a thread may wait for bytes in a pipe or socket, or for room: the one table of them. Their numbers differ
 * between architectures, so C supplies them. Not among them are calls that refuse a pipe, such as pread and copy_file_range, and io_uring,
 * where a request waits and no thread.
 */
public enum BlockingCall {
    READ(Native.SYS_read(), 0, -1),
    READV(Native.SYS_readv(), 0, -1),
    PREADV2(Native.SYS_preadv2(), 0, -1),
    WRITE(Native.SYS_write(), -1, 0),
    WRITEV(Native.SYS_writev(), -1, 0),
    PWRITEV2(Native.SYS_pwritev2(), -1, 0),
    SPLICE(Native.SYS_splice(), 0, 2),
    TEE(Native.SYS_tee(), 0, 1),
    /** From a read end to memory, and from memory to a write end. */
    VMSPLICE(Native.SYS_vmsplice(), 0, 0),
    SENDFILE(Native.SYS_sendfile(), 1, 0),
    RECVFROM(Native.SYS_recvfrom(), 0, -1),
    RECVMSG(Native.SYS_recvmsg(), 0, -1),
    RECVMMSG(Native.SYS_recvmmsg(), 0, -1),
    SENDTO(Native.SYS_sendto(), -1, 0),
    SENDMSG(Native.SYS_sendmsg(), -1, 0),
    SENDMMSG(Native.SYS_sendmmsg(), -1, 0),
    POLL(Native.SP_SYS_poll(), Fds.POLLFDS),
    PPOLL(Native.SYS_ppoll(), Fds.POLLFDS),
    SELECT(Native.SP_SYS_select(), Fds.FD_SETS),
    PSELECT6(Native.SYS_pselect6(), Fds.FD_SETS),
    EPOLL_WAIT(Native.SP_SYS_epoll_wait(), Fds.EPOLL),
    EPOLL_PWAIT(Native.SYS_epoll_pwait(), Fds.EPOLL),
    EPOLL_PWAIT2(Native.SP_SYS_epoll_pwait2(), Fds.EPOLL),
    /** What poll, among others, becomes once its thread was stopped and goes on. */
    RESTART(Native.SYS_restart_syscall(), Fds.POLLFDS);

    /** Where the fds of a call are. */
    public enum Fds {
        /** In the arguments {@link #input} and {@link #output}. */
        ARGUMENTS,
        /** In an array of struct pollfd, the first argument; the second is its length. */
        POLLFDS,
        /** In three bitmaps, for reading, writing and exceptions, which follow the first argument, the number of bits. */
        FD_SETS,
        /** In the epoll set whose fd is the first argument. */
        EPOLL
    }

    private final int number;
    private final Fds fds;
    private final int input;
    private final int output;

    BlockingCall(int number, int input, int output) {
        this.number = number;
        this.fds = Fds.ARGUMENTS;
        this.input = input;
        this.output = output;
    }

    BlockingCall(int number, Fds fds) {
        this.number = number;
        this.fds = fds;
        this.input = -1;
        this.output = -1;
    }

    /** Returns the call with this number, or null if it is none of these. */
    public static @Nullable BlockingCall of(int number) {
        for (BlockingCall call : values()) {
            if (call.number == number) {
                return call;
            }
        }
        return null;
    }

    /** Returns where the call's fds are. */
    public Fds fds() {
        return fds;
    }

    /** Returns which of the arguments is the fd that bytes are taken from, or -1. */
    public int input() {
        return input;
    }

    /** Returns which of the arguments is the fd that bytes are given to, or -1. */
    public int output() {
        return output;
    }
}
