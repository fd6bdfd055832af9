// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import io.standpipe.internal.jni.Native;
import org.jspecify.annotations.Nullable;

/** The system calls that open a file by its path. Their numbers differ between architectures, so C supplies them. */
public enum OpenCall {
    OPENAT(Native.SYS_openat(), 1),
    /** On arm64 there is none, and its number is that of openat. */
    OPEN(Native.SP_SYS_open(), 0),
    /** Its flags are the first field of a structure. */
    OPENAT2(Native.SP_SYS_openat2(), 1);

    private final int number;
    private final int pathArgument;

    OpenCall(int number, int pathArgument) {
        this.number = number;
        this.pathArgument = pathArgument;
    }

    /** Returns the call with this number, or null if it is another one. */
    public static @Nullable OpenCall of(int number) {
        for (OpenCall call : values()) {
            if (call.number == number) {
                return call;
            }
        }
        return null;
    }

    /** Returns which argument is the address of the path. */
    public int pathArgument() {
        return pathArgument;
    }

    /** Returns which argument is the flags, or their address. */
    public int flagsArgument() {
        return pathArgument + 1;
    }
}
