// SPDX-License-Identifier: Apache-2.0
package io.standpipe.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/** The machine that the benchmarks run on. */
final class Machine {

    private Machine() {}

    /** Returns what results depend on besides the code, for a reader. */
    static Map<String, String> describe() throws IOException {
        Map<String, String> machine = new LinkedHashMap<>();
        machine.put("time", Instant.now().truncatedTo(ChronoUnit.MINUTES).toString());
        machine.put("kernel", System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                + System.getProperty("os.arch"));
        machine.put("CPU", Runtime.getRuntime().availableProcessors() + " x " + value("/proc/cpuinfo", "model name"));
        machine.put("memory", value("/proc/meminfo", "MemTotal"));
        machine.put("JDK", System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
        machine.put("file systems", "target " + fileSystem(Path.of("target")) + ", /dev/shm " + fileSystem(Path.of("/dev/shm")));
        machine.put("load average at the end", Files.readString(Path.of("/proc/loadavg")).replaceFirst("( \\S+){4}\\n", ""));
        return machine;
    }

    private static String value(String file, String name) throws IOException {
        try (Stream<String> lines = Files.lines(Path.of(file))) {
            return lines.filter(line -> line.startsWith(name) && line.contains(":"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("unknown");
        }
    }

    /** Returns the type of the file system that a path is on, such as "ext4". */
    static String fileSystem(Path path) throws IOException {
        return Files.getFileStore(path).type();
    }
}
