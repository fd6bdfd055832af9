// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.proc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.testkit.Await;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.TestProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(DescriptorLeakCheck.class)
class ProcFileTest {

    @Test
    void fileLongerThanOneReadIsReadToItsEnd() throws IOException {
        try (TestProcess process = TestProcess.shell("exec sleep 1000").awaitBecome("sleep")) {
            // Its name is there before its libraries are.
            Await.until("it sleeps", () -> process.state() == 'S');
            String path = "/proc/" + process.pid() + "/smaps";
            List<String> lines = Files.readAllLines(Path.of(path));
            assertTrue(lines.size() > 200, "it is short: " + lines.size() + " lines");
            assertEquals(lines.size(), ProcFile.readLines(path).size());
        }
    }

    @Test
    void fieldThatIsMissingIsNamed() {
        IOException e = assertThrows(IOException.class, () -> ProcFile.readField("/proc/self/status", "None:"));
        assertEquals("/proc/self/status has no line 'None:'", e.getMessage());
    }

    @Test
    void fileOfAProcessThatHasEndedIsNoMore() throws IOException {
        try (TestProcess process = TestProcess.shell("exec sleep 1000").awaitBecome("sleep");
                ProcFile file = new ProcFile("/proc/" + process.pid() + "/stat")) {
            String path = "/proc/" + process.pid() + "/stat";
            process.kill();
            assertNull(file.read());
            NoSuchFileException e = assertThrows(NoSuchFileException.class, () -> ProcFile.readLine(path));
            assertEquals(path, e.getFile());
        }
    }
}
