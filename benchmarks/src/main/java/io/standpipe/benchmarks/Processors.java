// SPDX-License-Identifier: Apache-2.0
package io.standpipe.benchmarks;

import io.standpipe.internal.sys.ProcessCalls;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * On which processors the calling thread and the processes that it starts run. On one and the same, what slows it for a while, as a
 * busy neighbour does of which a virtual machine knows nothing, slows all that take turns. Needs taskset, and does nothing without it.
 */
final class Processors {

    private static final String ALLOWED = "Cpus_allowed_list:";

    /** Such as "0-1,4": those that this process was given. */
    private static final String ALL = allowed();

    private Processors() {}

    private static String allowed() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith(ALLOWED))
                    .map(line -> line.substring(ALLOWED.length()).strip())
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The last one. */
    static void one() throws IOException {
        choose(ALL.substring(Math.max(ALL.lastIndexOf(','), ALL.lastIndexOf('-')) + 1));
    }

    /** All that there are. */
    static void all() throws IOException {
        choose(ALL);
    }

    private static void choose(String list) throws IOException {
        ProcessBuilder taskset = new ProcessBuilder(
                "sh", "-c", "if command -v taskset; then exec taskset -c -p \"$@\"; fi", "taskset", list,
                Integer.toString(ProcessCalls.thread()));
        Floor.await(taskset.redirectOutput(Redirect.DISCARD).redirectError(Redirect.INHERIT).start());
    }
}
