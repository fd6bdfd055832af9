// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.testkit.Await;
import io.standpipe.testkit.TestJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is logged in an application whose MXBean is called, and what its counters say. */
class AgentLogTest {

    private static final String COUNTED = "checkpoints 2 failed 0 pipes 2 bytes 18 frozen 0 last 0 writing true at true"
            + " restores 1 failed 1 pipes 1 bytes 9";

    /** The JDK's own configuration, but chosen. */
    private static final String CONFIGURED =
            "-Djava.util.logging.config.file=" + System.getProperty("java.home") + "/conf/logging.properties";

    @TempDir
    Path directory;

    private Path output;

    /** Runs the host with standard error as the shell says; returns what is on standard output. */
    private List<String> run(String redirection, String... options) throws Exception {
        output = directory.resolve("output");
        List<String> command = new ArrayList<>(List.of("sh", "-c", redirection, "sh"));
        command.addAll(TestJvm.command(List.of(options), LoggingHost.class, directory.toString()));
        Process process = new ProcessBuilder(command).redirectOutput(output.toFile()).start();
        try {
            Await.until("the host has ended: " + redirection, () -> process.waitFor(1, TimeUnit.SECONDS));
            return Files.readAllLines(output);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            process.getOutputStream().close();
            process.getInputStream().close();
            process.getErrorStream().close();
        }
    }

    @Test
    void whatWasDoneForAClientIsLoggedAndNothingElse() throws Exception {
        Path log = directory.resolve("log");
        assertTrue(run("exec \"$@\" 2>" + log, CONFIGURED).contains(COUNTED), () -> said(output) + said(log));
        List<String> logged = Files.readAllLines(log);
        assertEquals(2, logged.stream().filter(line -> line.startsWith("INFO: ")).count(), logged::toString);
        assertEquals(6, logged.size(), logged::toString);
        assertTrue(logged.get(1).startsWith("INFO: saved 1 pipe with 9 bytes in flight"), logged::toString);
        assertTrue(logged.get(3).startsWith("INFO: restored descriptors"), logged::toString);
        assertEquals("WARNING: the agent does nothing: it is told nonsense", logged.get(5));
    }

    @Test
    void nothingThatWasDoneIsPrintedWhereNobodyHasChosenALog() throws Exception {
        Path log = directory.resolve("log");
        assertTrue(run("exec \"$@\" 2>" + log).contains(COUNTED), () -> said(output) + said(log));
        assertTrue(Files.readString(log).endsWith("WARNING: the agent does nothing: it is told nonsense\n"), said(log));
        assertEquals(2, Files.readAllLines(log).size(), said(log));
    }

    /** The reader of standard error takes nothing, and the pipe to it is full. */
    @Test
    void fullStandardErrorBlocksNoCheckpoint() throws Exception {
        String full = directory.resolve("full").toString();
        String fill = "mkfifo " + full + "; exec 2<>" + full + "; head -c 65536 /dev/zero >&2; ";
        assertTrue(run(fill + "exec \"$@\"", CONFIGURED).contains(COUNTED), () -> said(output));
    }

    private static String said(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
