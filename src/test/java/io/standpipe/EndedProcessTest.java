// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.standpipe.internal.proc.ProcessStatus;
import io.standpipe.testkit.Await;
import io.standpipe.testkit.DescriptorLeakCheck;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(DescriptorLeakCheck.class)
class EndedProcessTest {

    @Test
    void aProcessThatHasEndedAndWasNotYetWaitedForIsRefused(@TempDir Path folder) throws Exception {
        // The child ends when its input does: after the shell has become sleep, which waits for no child.
        Process parent = new ProcessBuilder("sh", "-c", "exec 3<&0; (read line <&3) & echo $!; exec sleep 1000").start();
        try (BufferedReader out = new BufferedReader(new InputStreamReader(parent.getInputStream()))) {
            int pid = Integer.parseInt(out.readLine());
            Await.until("the shell is sleep", () -> ProcessStatus.of((int) parent.pid()).name().equals("sleep"));
            parent.getOutputStream().close();
            Await.until("the child has ended", () -> ProcessStatus.of(pid).hasEnded());
            Path image = folder.resolve("image");

            StandpipeException refused = assertThrows(
                    StandpipeException.class, () -> Checkpoint.ofProcess(pid).writeTo(image));

            assertEquals("process " + pid + ": it has ended", refused.getMessage());
            assertFalse(Files.exists(image));
        } finally {
            parent.getErrorStream().close();
            parent.destroyForcibly().waitFor();
        }
    }
}
