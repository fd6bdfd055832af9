// SPDX-License-Identifier: Apache-2.0
package io.standpipe.benchmarks;

import io.standpipe.bridge.ProcessCalls;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;

/**
 * On which processors the calling thread and the processes that it starts run. On one and the same, what slows it for a while, as a
 * busy neighbour does of which a virtual machine knows nothing, slows all that take turns. Needs taskset, and does nothing without it.
 */
final class Processors {

    private static final int COUNT = Runtime.getRuntime().availableProcessors();

    private Processors() {}

    /** The last one. */
    static void one() throws IOException {
        choose(Integer.toString(COUNT - 1));
    }

    /** All that there are. */
    static void all() throws IOException {
        choose("0-" + (COUNT - 1));
    }

    private static void choose(String list) throws IOException {
        ProcessBuilder taskset = new ProcessBuilder(
                "sh", "-c", "if command -v taskset; then exec taskset -c -p \"$@\"; fi", "taskset", list,
                Integer.toString(ProcessCalls.thread()));
        Floor.await(taskset.redirectOutput(Redirect.DISCARD).redirectError(Redirect.INHERIT).start());
    }
}
