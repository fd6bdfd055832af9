// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.testkit.Await;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.TestJvm;
import io.standpipe.testkit.TestProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A JVM that ends in the middle of a checkpoint or a restore in place leaves no process stopped and no half image. */
@ExtendWith(DescriptorLeakCheck.class)
class ShutdownTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"exit", "terminate"})
    void shutdownLeavesProcessRunningAndImageWhole(String how) throws Exception {
        Path image = folder.resolve("image.ckpt");
        try (TestProcess process = TestProcess.shell("exec sleep 1000").awaitBecome("sleep").feed(new byte[50_000])) {
            for (int round = 0; round < 2; round++) {
                Process saver = new ProcessBuilder(TestJvm.command(
                                ShutDownInTheMiddle.class, Integer.toString(process.pid()), image.toString(), how,
                                Integer.toString(round)))
                        .redirectErrorStream(true)
                        .start();
                try {
                    String output = new String(saver.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                    assertEquals("", output);
                    assertEquals(how.equals("exit") ? 7 : 128 + 15, saver.waitFor());
                } finally {
                    saver.destroyForcibly();
                    saver.getOutputStream().close();
                    saver.getErrorStream().close();
                }
                Await.until("it runs", () -> state(process.pid()) == 'S');
                assertEquals(50_000, Restore.from(image).pipes().get(0).payloadBytes());
            }
            assertTrue(process.isAlive());
        }
    }

    private static char state(int pid) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        return stat.charAt(stat.lastIndexOf(')') + 2);
    }
}
