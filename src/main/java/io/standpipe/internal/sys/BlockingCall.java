// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import io.standpipe.internal.jni.Native;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The system calls in which a thread may wait for a pipe. Their numbers differ between architectures, so C supplies them. */
public enum BlockingCall {
    READ(Native.SYS_read(), 0, -1),
    READV(Native.SYS_readv(), 0, -1),
    WRITE(Native.SYS_write(), -1, 0),
    WRITEV(Native.SYS_writev(), -1, 0),
    SPLICE(Native.SYS_splice(), 0, 2),
    TEE(Native.SYS_tee(), 0, 1),
    POLL(Native.SP_SYS_poll(), -1, -1),
    PPOLL(Native.SYS_ppoll(), -1, -1);

    private final int number;
    private final int input;
    private final int output;

    BlockingCall(int number, int input, int output) {
        this.number = number;
        this.input = input;
        this.output = output;
    }

    /** Returns the call with this number, or null if it is none of these. */
    public static @Nullable BlockingCall of(int number) {
        return Arrays.stream(values()).filter(call -> call.number == number).findFirst().orElse(null);
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
