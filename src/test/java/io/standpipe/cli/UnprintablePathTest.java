// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.Checkpoint;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.Host;
import io.standpipe.testkit.TestProcess;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** FIFOs whose names have control characters, or are no UTF-8. */
@ExtendWith(DescriptorLeakCheck.class)
class UnprintablePathTest {

    private static final List<String> UTF_8 = List.of("env", "LC_ALL=C.UTF-8");

    @TempDir
    Path directory;

    @BeforeEach
    void otherProcessesCanBeSaved() throws Exception {
        Host.assumeUnrelatedProcessesCanBeSaved();
        directory = directory.toRealPath();
    }

    /**
     * @param name as a format of printf in a shell
     * @param shown as show prints the name
     */
    @ParameterizedTest
    @CsvSource(delimiter = '!', quoteCharacter = '~', value = {
        "a\\377b\\nc!a\\xffb\\x0ac",
        "\\360\\237\\230\\200\\n\"\\342\\200\\250 \\342\\200\\256 (deleted)!\ud83d\ude00\\x0a\"\\u2028 \\u202e (deleted)"
    })
    void unprintableFifoNameIsShownEscapedAndRestored(String name, String shown) throws Exception {
        Path image = directory.resolve("app.ckpt");
        String script = "f=$(printf '" + name + "'); cd '" + directory + "'; mkfifo \"$f\"; exec 5<>\"$f\";"
                + " printf payload >&5; exec sleep 1000";
        try (TestProcess process = TestProcess.shellWithoutPipes(script).awaitBecome("sleep")) {
            Checkpoint.ofProcess(process.pid()).writeTo(image);
        }
        List<String> lines = CommandRun.through(UTF_8, "show", image).succeeded().outLines();
        assertEquals(5, lines.size(), () -> String.join("\n", lines));
        assertTrue(lines.get(3).endsWith(", FIFO " + directory + "/" + shown), lines.get(3));
        List<Object> restore = List.of("restore", "--fifo-base", directory, image, "--", "head", "-c", "7", "/proc/self/fd/5");
        assertEquals("payload", CommandRun.through(UTF_8, restore.toArray()).succeeded().out);
    }
}
