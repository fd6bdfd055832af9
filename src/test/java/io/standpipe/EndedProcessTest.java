// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.standpipe.procfs.ProcessStatus;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EndedProcessTest {

    @Test
    void aProcessThatHasEndedAndWasNotYetWaitedForIsRefused(@TempDir Path folder) throws Exception {
        // The shell becomes sleep, which never waits for the child that the shell left it.
        Process parent = new ProcessBuilder("sh", "-c", "true & echo $!; exec sleep 1000").start();
        try (BufferedReader out = new BufferedReader(new InputStreamReader(parent.getInputStream()))) {
            int pid = Integer.parseInt(out.readLine());
            long deadline = System.nanoTime() + 30_000_000_000L;
            while (!ProcessStatus.of(pid).hasEnded() && System.nanoTime() < deadline) {
                LockSupport.parkNanos(1_000_000);
            }
            Path image = folder.resolve("image");

            StandpipeException refused = assertThrows(
                    StandpipeException.class, () -> Checkpoint.ofProcess(pid).writeTo(image));

            assertEquals("process " + pid + ": it has ended", refused.getMessage());
            assertFalse(Files.exists(image));
        } finally {
            parent.destroyForcibly().waitFor();
        }
    }
}
