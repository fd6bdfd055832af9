// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.proc;

import io.standpipe.internal.sys.SystemCall;


import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/** For which descriptors the threads of a process wait, as /proc/PID/task/TID/syscall tells of those that may be traced. */
public final class BlockedCalls {

    /** Of a process whose threads nobody asks for. */
    public static final BlockedCalls NONE = new BlockedCalls();

    private final Set<Long> inputs = new HashSet<>();
    private final Set<Long> outputs = new HashSet<>();

    private BlockedCalls() {}

    /** As of now; none where it is not told. */
    public static BlockedCalls of(int pid) {
        BlockedCalls waiting = new BlockedCalls();
        try {
            for (int thread : ProcessThreads.of(pid)) {
                Path file = Path.of("/proc/" + pid + "/task/" + thread + "/syscall");
                waiting.add(Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        } catch (IOException e) {
            // Not this user's to know, or the thread has ended.
            return waiting;
        }
        return waiting;
    }

    /** The number of the call in decimal and its arguments in hexadecimal; one word if it is in none. */
    private void add(String line) {
        String[] words = line.trim().split(" ");
        SystemCall call = words.length > 1 ? SystemCall.of(Integer.parseInt(words[0])) : null;
        if (call == null) {
            return;
        }
        if (call.input() >= 0) {
            inputs.add(argument(words, call.input()));
        }
        if (call.output() >= 0) {
            outputs.add(argument(words, call.output()));
        }
    }

    private static long argument(String[] words, int index) {
        return Long.parseUnsignedLong(words[1 + index].substring("0x".length()), 16) & 0xffff_ffffL;
    }

    /** Whether a thread is in a call that takes bytes from a descriptor. */
    public boolean takesFrom(int fd) {
        return inputs.contains((long) fd);
    }

    /** Whether a thread is in a call that gives bytes to a descriptor. */
    public boolean givesTo(int fd) {
        return outputs.contains((long) fd);
    }
}
