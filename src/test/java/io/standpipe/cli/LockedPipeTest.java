// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.internal.proc.PipeLock;
import io.standpipe.testkit.Await;
import io.standpipe.testkit.CCode;
import io.standpipe.testkit.Host;
import io.standpipe.testkit.TestProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A thread waits in splice from a pipe to a full socket, and keeps the pipe locked: every look at it would hang. */
class LockedPipeTest {

    /** The pipe is at 20 and 21. With an argument the splice goes to a full pipe instead, and locks nothing. */
    private static final String PROGRAM = """
            #define _GNU_SOURCE
            #include <fcntl.h>
            #include <sys/socket.h>
            #include <unistd.h>
            int main(int argc, char **argv) {
                static char bytes[65536];
                int ends[2], out[2];
                pipe(ends);
                dup2(ends[0], 20);
                dup2(ends[1], 21);
                close(ends[0]);
                close(ends[1]);
                write(21, bytes, 1000);
                argc > 1 ? pipe(out) : socketpair(AF_UNIX, SOCK_STREAM, 0, out);
                fcntl(out[1], F_SETFL, O_NONBLOCK);
                while (write(out[1], bytes, sizeof bytes) > 0)
                    ;
                fcntl(out[1], F_SETFL, 0);
                splice(20, 0, out[1], 0, 1000, 0);
                pause();
            }
            """;

    @TempDir
    Path directory;

    @BeforeEach
    void otherProcessesCanBeLookedAt() {
        Host.assumeUnrelatedProcessesCanBeSaved();
    }

    @Test
    void lockedPipeIsListedWithoutItsContents() throws Exception {
        try (TestProcess process = splicing()) {
            String out = CommandRun.here("list", "--pid", process.pid()).out;
            assertTrue(out.matches("(?s).*pipe \\d+  locked by a splice to something that is full, and contents out of reach\n.*"), out);
            String where = ": waits elsewhere: splice from descriptor 20 \\(pipe .*";
            assertTrue(out.matches("(?s).*  read   process " + process.pid() + " \\([^\n]*program\\), user [^\n]*, fd 20" + where), out);
            assertTrue(out.matches("(?s).*  write  process " + process.pid() + " \\([^\n]*program\\), user [^\n]*, fd 21" + where), out);
        }
    }

    @Test
    void lockedPipeIsNeitherPeekedAtNorSaved() throws Exception {
        Path image = directory.resolve("image");
        try (TestProcess process = splicing()) {
            String reason = "descriptor 20 of process " + process.pid() + ": a thread there waits in splice from this pipe";
            CommandRun.here("peek", "--pid", process.pid(), "--fd", 20).failed(1, reason);
            CommandRun.here("checkpoint", "--pid", process.pid(), "--output", image).failed(1, reason);
            CommandRun.here("checkpoint", "--pid", process.pid(), "--freeze", "none", "--output", image).failed(1, reason);
        }
        assertFalse(Files.exists(image));
    }

    @Test
    void spliceToAFullPipeLocksNothing() throws Exception {
        String program = CCode.program(directory, PROGRAM).toString();
        try (TestProcess process = TestProcess.of(List.of(program, "pipe"))) {
            Await.until("it waits", () -> Files.readString(Path.of("/proc/" + process.pid() + "/wchan")).contains("pipe"));
            assertEquals(List.of(), PipeLock.of(process.pid()));
            TestProcess.awaitQueued(process.pid(), 21, 1000);
        }
    }

    private TestProcess splicing() throws Exception {
        TestProcess process = TestProcess.of(List.of(CCode.program(directory, PROGRAM).toString()));
        Await.until("it keeps the pipe locked", () -> PipeLock.of(process.pid()).size() == 1);
        return process;
    }
}
