// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.proc;

import io.standpipe.pipe.Fd;


import java.io.IOException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/** The processes that /proc lists. */
public final class Processes {

    private Processes() {}

    /** The pids of all, ascending. */
    public static List<Integer> all() throws IOException {
        try (Fd proc = ProcDirectory.open("/proc")) {
            return Arrays.stream(ProcDirectory.numbers("/proc", proc, new BitSet())).boxed().toList();
        }
    }
}
