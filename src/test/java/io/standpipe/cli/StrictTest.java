// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.Checkpoint;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.Host;
import io.standpipe.testkit.TestProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** External holders are refused with --strict, and otherwise recorded in the image. */
@ExtendWith(DescriptorLeakCheck.class)
class StrictTest {

    @TempDir
    Path directory;

    private Path image;

    @BeforeEach
    void otherProcessesCanBeSaved() {
        Host.assumeUnrelatedProcessesCanBeSaved();
        image = directory.resolve("app.ckpt");
    }

    @Test
    void pipeWithExternalWriterIsRefusedAndNothingIsWritten() throws Exception {
        try (TestProcess process = TestProcess.shell("exec sleep 1000").awaitBecome("sleep")) {
            CommandRun.of("checkpoint", "--pid", process.pid(), "--fd", "0", "--strict", "-o", image)
                    .failed(1, ": the write end is held by process " + ProcessHandle.current().pid() + ", descriptor ");
            assertEquals(0, directory.toFile().list().length);
            assertTrue(shown(process, 0).endsWith(" bytes, write end held by others"));
        }
    }

    @Test
    void fifoWithExternalReaderIsRefusedAndNothingIsWritten() throws Exception {
        Path fifo = directory.resolve("f");
        String script = "mkfifo '" + fifo + "'; exec 5<>'" + fifo + "'; exec sleep 1000";
        try (TestProcess process = TestProcess.shellWithoutPipes(script).awaitBecome("sleep");
                TestProcess other = TestProcess.shellWithoutPipes("exec 6<'" + fifo + "' 7>&1; exec sleep 1000")
                        .awaitBecome("sleep")) {
            CommandRun.of("checkpoint", "--pid", process.pid(), "--strict", "-o", image)
                    .failed(1, ": the read end is held by process " + other.pid() + ", descriptor 6, which is not to be");
            assertFalse(Files.exists(image));
            assertTrue(shown(process, 5).endsWith(" bytes, read end held by others"));
        }
    }

    /** Saves without --strict; returns what show prints about the image. */
    private String shown(TestProcess process, int number) throws Exception {
        Checkpoint.ofProcess(process.pid(), number).lookingForOthers().writeTo(image);
        return CommandRun.here("show", image).succeeded().out.trim();
    }
}
