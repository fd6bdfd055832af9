// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.testkit.CCode;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.Host;
import io.standpipe.testkit.RandomBytes;
import io.standpipe.testkit.TestProcess;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(DescriptorLeakCheck.class)
class PeekCommandTest {

    @TempDir
    Path directory;

    @BeforeEach
    void otherProcessesCanBeLookedAt() {
        Host.assumeUnrelatedProcessesCanBeSaved();
    }

    @Test
    void bytesArePrintedUnchangedAndStayInThePipe() throws Exception {
        byte[] bytes = RandomBytes.of(20_000);
        try (TestProcess process = TestProcess.holding(bytes)) {
            for (int i = 0; i < 2; i++) {
                assertArrayEquals(bytes, peek(process, 0, "--bytes").succeeded().outBytes);
                TestProcess.awaitQueued(process.pid(), 0, bytes.length);
            }
        }
    }

    @Test
    void bytesThatAreNoTextArePrintedAsEscapes() throws Exception {
        byte[] bytes = "a\tb\nh\u00e9llo \u001b[31m\\\n\u2028no end".getBytes(StandardCharsets.UTF_8);
        try (TestProcess process = TestProcess.holding(bytes)) {
            assertEquals(
                    List.of("a\tb", "h\u00e9llo \\x1b[31m\\\\", "\\u2028no end"), peek(process, 0).succeeded().outLines());
        }
    }

    @Test
    void hexEqualsTheOutputOfHexdump() throws Exception {
        Host.assumeTool("hexdump");
        byte[] bytes = new byte[4_000];
        System.arraycopy(RandomBytes.of(1_777), 0, bytes, 500, 1_777);
        Path file = Files.write(directory.resolve("bytes"), bytes);
        try (TestProcess process = TestProcess.holding(bytes)) {
            assertEquals(
                    CommandRun.program(List.of("hexdump", "-C", file.toString())).out,
                    peek(process, 0, "--hex").succeeded().out);
        }
    }

    @Test
    void packetsArePrintedWithTheirLengths() throws Exception {
        String program = "#define _GNU_SOURCE\n#include <fcntl.h>\n#include <unistd.h>\n"
                + "int main(void) { int e[2]; pipe2(e, O_DIRECT); dup2(e[0], 0); write(e[1], \"one\\n\", 4);"
                + " write(e[1], \"two\", 3); fcntl(e[1], F_SETFL, 0); write(e[1], \"stream\", 6);"
                + " execlp(\"sleep\", \"sleep\", \"1000\", (char *)0); return 1; }\n";
        try (TestProcess process =
                TestProcess.of(List.of(CCode.program(directory, program).toString())).awaitBecome("sleep")) {
            assertEquals(
                    List.of("-- packet of 4 bytes", "one", "-- packet of 3 bytes", "two", "-- buffer of 6 bytes", "stream"),
                    peek(process, 0).succeeded().outLines());
            assertEquals(
                    "00000007  73 74 72 65 61 6d                                 |stream|",
                    peek(process, 0, "--hex").succeeded().outLines().get(5));
            assertEquals("one\ntwostream", peek(process, 0, "--bytes").succeeded().out);
        }
    }

    @Test
    void bytesBehindAWriteEndArePrinted() throws Exception {
        try (TestProcess process = TestProcess.shell("echo line; exec sleep 1000").awaitBecome("sleep")) {
            assertEquals("line\n", peek(process, 1).succeeded().out);
        }
    }

    @Test
    void emptyPipePrintsNothing() throws Exception {
        try (TestProcess process = TestProcess.holding(new byte[0])) {
            assertEquals("", peek(process, 0).succeeded().out);
            assertEquals("", peek(process, 0, "--hex").succeeded().out);
        }
    }

    @Test
    void unsuitableFdOptionOrProcessIsRefused() throws Exception {
        try (TestProcess process = TestProcess.shell("exec sleep 1000 3</dev/null").awaitBecome("sleep")) {
            peek(process, 3).failed(1, "descriptor 3 of process " + process.pid() + ": not a pipe, but the character device /dev/null");
            peek(process, 9).failed(1, "descriptor 9 of process " + process.pid() + ": it is not open");
            assertEquals(2, peek(process, 0, "--hex", "--bytes").exitStatus);
        }
        CommandRun.here("peek", "--pid", 4_000_000, "--fd", 0).failed(1, "process 4000000: there is no such process");
    }

    @Test
    void rawBytesToATerminalAreRefused() throws Exception {
        Host.assumeTool("script");
        try (TestProcess process = TestProcess.holding(new byte[] {27, '[', '2', 'J'})) {
            CommandRun run = CommandRun.shell(
                    "script -qec \"$*\" /dev/null", "peek", "--pid", process.pid(), "--fd", 0, "--bytes");
            assertEquals(2, run.exitStatus);
            assertTrue(run.out.contains(" standard output is a terminal"), run.out);
        }
    }

    private static CommandRun peek(TestProcess process, int fd, Object... more) throws Exception {
        Object[] arguments = new Object[5 + more.length];
        System.arraycopy(new Object[] {"peek", "--pid", process.pid(), "--fd", fd}, 0, arguments, 0, 5);
        System.arraycopy(more, 0, arguments, 5, more.length);
        return List.of(more).contains("--bytes") ? CommandRun.of(arguments) : CommandRun.here(arguments);
    }
}
