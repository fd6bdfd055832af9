// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

/** What kept a process from becoming a command: a call on the way there, or execve itself. As in move.h. */
public final class FailedCall {

    private static final String[] CALLS = {"execve", "dup3", "fcntl", "close_range", "open", "getdents64", "read"};

    private FailedCall() {}

    /**
     * The call, in words.
     *
     * @param number what the native told of it
     * @param execve what to say if it was that one
     */
    static String of(int number, String execve) {
        return number == 0 ? execve : CALLS[number] + " before " + execve;
    }
}
