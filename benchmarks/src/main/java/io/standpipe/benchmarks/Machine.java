// SPDX-License-Identifier: Apache-2.0
package io.standpipe.benchmarks;

import com.google.gson.JsonObject;
import io.standpipe.bridge.ProcessCalls;
import io.standpipe.procfs.Kernel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** What results depend on besides the code. */
final class Machine {

    private Machine() {}

    static JsonObject describe() throws IOException {
        JsonObject machine = new JsonObject();
        machine.addProperty("time", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        machine.addProperty("kernel", System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                + System.getProperty("os.arch"));
        machine.addProperty("processors", Runtime.getRuntime().availableProcessors());
        machine.addProperty("jdk", System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
        machine.addProperty("descriptorLimit", ProcessCalls.descriptorLimit());
        machine.addProperty("pipeUserPagesSoft", Kernel.limit(Kernel.PIPE_USER_PAGES_SOFT).orElse(0));
        machine.addProperty("pipeMaxSizeBytes", Kernel.limit(Kernel.PIPE_MAX_SIZE).orElse(0));
        return machine;
    }

    /** The kind of file system that a folder is on. */
    static String fileSystem(Path folder) throws IOException {
        return Files.getFileStore(folder).type();
    }
}
