// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import io.standpipe.internal.jni.Native;

import java.util.Arrays;

/** System calls in which a thread may wait for a pipe. Their numbers differ between architectures: asked from C. */
public enum SystemCall {
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

    SystemCall(int number, int input, int output) {
        this.number = number;
        this.input = input;
        this.output = output;
    }

    /** The call that has a number here, or null if it is none of these. */
    public static SystemCall of(int number) {
        return Arrays.stream(values()).filter(call -> call.number == number).findFirst().orElse(null);
    }

    /** Which of its arguments is the descriptor that it takes bytes from, or -1. */
    public int input() {
        return input;
    }

    /** Which of its arguments is the descriptor that it gives bytes to, or -1. */
    public int output() {
        return output;
    }
}
