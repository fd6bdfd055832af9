// SPDX-License-Identifier: Apache-2.0
package io.standpipe.benchmarks;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import io.standpipe.internal.proc.KernelLimits;
import io.standpipe.internal.sys.ProcessCalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.stream.Stream;

/** What results depend on besides the code. */
public final class Machine {

    private static final String[] IMAGE_FOLDERS = {"target", "/dev/shm"};

    private Machine() {}

    /** Argument: the file to write it to, for results that do not carry it. */
    public static void main(String[] arguments) throws IOException {
        Path file = Path.of(arguments[0]);
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, new GsonBuilder().setPrettyPrinting().create().toJson(describe()) + "\n");
    }

    static JsonObject describe() throws IOException {
        JsonObject machine = new JsonObject();
        machine.addProperty("time", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        machine.addProperty("kernel", System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                + System.getProperty("os.arch"));
        machine.addProperty("processor", firstValue("/proc/cpuinfo", "model name"));
        machine.addProperty("processors", Runtime.getRuntime().availableProcessors());
        machine.addProperty("memory", firstValue("/proc/meminfo", "MemTotal"));
        machine.addProperty("jdk", System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
        machine.add("fileSystems", fileSystems());
        machine.addProperty("descriptorLimit", ProcessCalls.descriptorLimit());
        machine.addProperty("pipeUserPagesSoft", KernelLimits.limit(KernelLimits.PIPE_USER_PAGES_SOFT).orElse(0));
        machine.addProperty("pipeUserPagesHard", KernelLimits.limit(KernelLimits.PIPE_USER_PAGES_HARD).orElse(0));
        machine.addProperty("pipeMaxSizeBytes", KernelLimits.limit(KernelLimits.PIPE_MAX_SIZE).orElse(0));
        machine.addProperty("user", System.getProperty("user.name"));
        return machine;
    }

    private static JsonObject fileSystems() throws IOException {
        JsonObject kinds = new JsonObject();
        for (String folder : IMAGE_FOLDERS) {
            if (Files.isDirectory(Path.of(folder))) {
                kinds.addProperty(folder, fileSystem(Path.of(folder)));
            }
        }
        return kinds;
    }

    private static String firstValue(String file, String name) throws IOException {
        try (Stream<String> lines = Files.lines(Path.of(file))) {
            return lines.filter(line -> line.startsWith(name) && line.contains(":"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("unknown");
        }
    }

    /** The kind of file system that a folder is on. */
    static String fileSystem(Path folder) throws IOException {
        return Files.getFileStore(folder).type();
    }
}
