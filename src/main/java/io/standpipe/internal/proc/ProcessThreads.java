// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.proc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The threads of a process, as /proc/PID/task lists them. */
public final class ProcessThreads {

    private ProcessThreads() {}

    /** Ascending; none if the process has ended. */
    public static List<Integer> of(int pid) throws IOException {
        try (Stream<Path> entries = Files.list(Path.of("/proc/" + pid + "/task"))) {
            return entries.map(entry -> Integer.parseInt(entry.getFileName().toString())).sorted().toList();
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }
}
