// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.Host;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(DescriptorLeakCheck.class)
class MainJobTest {

    @TempDir
    Path directory;

    @BeforeEach
    void otherProcessesCanBeSaved() {
        Host.assumeUnrelatedProcessesCanBeSaved();
    }

    @Test
    void fullPipelineSavedTwiceRestoresTheSameBytesFromEachImage() throws Exception {
        Path first = directory.resolve("first.ckpt");
        Path second = directory.resolve("second.ckpt");
        try (SeqPipeline pipeline = SeqPipeline.start()) {
            assertSaved(CommandRun.of("checkpoint", "--pid", pipeline.consumerPid(), "--output", first));
            assertSaved(CommandRun.of("checkpoint", "--pid", pipeline.consumerPid(), "--fd", "0", "-o", second));
        }
        assertArrayEquals(SeqPipeline.content(), restored(first));
        assertArrayEquals(SeqPipeline.content(), restored(second));
        assertArrayEquals(SeqPipeline.content(), restored(second), "an image can be restored again");
    }

    private static void assertSaved(CommandRun run) {
        assertEquals(0, run.exitStatus, run.err);
        assertEquals("", run.out);
        assertTrue(run.err.startsWith("standpipe: saved 1 pipe with 65,536 bytes in flight"), run.err);
        assertEquals(1, run.err.lines().count());
    }

    private static byte[] restored(Path image) throws Exception {
        return CommandRun.of("restore", image, "--", "cat").succeeded().outBytes;
    }

    @Test
    void demoSucceeds() throws Exception {
        CommandRun run = CommandRun.of("demo").succeeded();
        assertTrue(run.out.contains("yes: the payloads are identical"), run.out);
    }
}
