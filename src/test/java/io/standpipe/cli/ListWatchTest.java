// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.testkit.Alone;
import io.standpipe.testkit.Await;
import io.standpipe.testkit.Host;
import io.standpipe.testkit.TestProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code standpipe list --watch}, in a JVM of its own. */
@Alone("it has copies of all ends on the machine for a moment, which others would take for holders")
class ListWatchTest {

    private static final int LIMIT_SECONDS = 60;

    @TempDir
    Path directory;

    @BeforeEach
    void otherProcessesCanBeLookedAt() {
        Host.assumeUnrelatedProcessesCanBeSaved();
    }

    private ProcessBuilder watch(Object... arguments) {
        List<String> command = CommandRun.java(System.getProperty("java.class.path"), Main.class.getName());
        command.addAll(List.of("list", "--watch", "0.1"));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        return new ProcessBuilder(command)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectError(directory.resolve("err").toFile());
    }

    @Test
    void roundsSayWhatHasMovedUntilTheReaderIsGone() throws Exception {
        try (TestProcess process = TestProcess.shell("exec cat | exec sleep 1000")) {
            int cat = process.awaitDescendant("cat");
            Process watch = watch("--pid", cat).start();
            try (BufferedReader out = watch.inputReader()) {
                assertTrue(out.readLine().matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ"));
                awaitLines(out, "; \\+0 bytes since");
                process.feed(new byte[5]);
                awaitLines(out, " 5 of 65,536 bytes, [^;]*; \\+5 bytes since",
                        "process " + cat + " \\(cat\\), .*; 5 B read, 5 B written \\(all its files\\)");
                awaitLines(out, "process " + cat + " \\(cat\\), .*; nothing read or written");
            }
            assertEnds(watch, 0);
            assertFalse(err().contains("standard output"), err());
        } finally {
            Files.deleteIfExists(directory.resolve("err"));
        }
    }

    @Test
    void interruptEndsItBetweenLines() throws Exception {
        Path file = directory.resolve("out");
        try (TestProcess process = TestProcess.shell("exec sleep 1000").awaitBecome("sleep")) {
            Process watch = watch("--pid", process.pid()).redirectOutput(file.toFile()).start();
            try {
                Await.until("three rounds are written", () -> Files.readString(file).split("\n\n").length >= 3);
                new ProcessBuilder("kill", "-INT", Long.toString(watch.pid())).start().waitFor();
                assertEnds(watch, 128 + 2);
            } finally {
                watch.destroyForcibly();
            }
            assertTrue(Files.readString(file).endsWith("\n"));
            assertFalse(err().contains("Exception"), err());
        }
    }

    @Test
    void roundsOfJsonAreDocumentsOneAfterAnother() throws Exception {
        try (TestProcess process = TestProcess.shell("exec sleep 1000").awaitBecome("sleep")) {
            Process watch = watch("--json", "--pid", process.pid()).start();
            try (BufferedReader out = watch.inputReader()) {
                List<String> first = document(out);
                List<String> second = document(out);
                assertTrue(first.contains("      \"queuedBytesChange\": null,"), first.toString());
                assertTrue(second.contains("      \"queuedBytesChange\": 0,"), second.toString());
            }
            assertEnds(watch, 0);
        }
    }

    @Test
    void endOfTheProcessEndsIt() throws Exception {
        Process watch;
        try (TestProcess process = TestProcess.shell("exec sleep 1000").awaitBecome("sleep")) {
            watch = watch("--pid", process.pid()).redirectOutput(directory.resolve("out").toFile()).start();
            Await.until("it has begun", () -> Files.size(directory.resolve("out")) > 0);
        }
        assertEnds(watch, 1);
        assertTrue(err().contains(": there is no such process"), err());
    }

    private String err() throws IOException {
        return Files.readString(directory.resolve("err"));
    }

    private static List<String> document(BufferedReader out) throws IOException {
        List<String> lines = new ArrayList<>();
        do {
            lines.add(out.readLine());
        } while (!lines.get(lines.size() - 1).equals("}"));
        return lines;
    }

    /** Reads until each pattern was in a line, in any order: rounds go on until then. */
    private static void awaitLines(BufferedReader out, String... patterns) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        List<String> missing = new ArrayList<>(List.of(patterns));
        while (!missing.isEmpty()) {
            String line = out.readLine();
            missing.removeIf(pattern -> line.matches(".*" + pattern + ".*"));
            assertTrue(System.nanoTime() < deadline, "no line has " + missing);
        }
    }

    private static void assertEnds(Process watch, int status) throws InterruptedException {
        boolean ended = watch.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
        watch.destroyForcibly();
        assertTrue(ended);
        assertEquals(status, watch.exitValue());
    }
}
