// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.PipeHolder;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The progress bar on a terminal. */
@ExtendWith(DescriptorLeakCheck.class)
class ProgressBarTest {

    private static final String CLEAR = "\r\u001b[K";
    private static final String FULL = "x".repeat(65_536);

    @TempDir
    Path directory;

    @BeforeEach
    void needATerminal() {
        Pty.need();
    }

    private String onTerminal(String script) throws Exception {
        return Pty.run(directory, script);
    }

    /** The reader of the image stops for a second after one byte, and the checkpoint waits for the reader. */
    @Test
    void longWorkShowsABarThatIsClearedAtTheEnd() throws Exception {
        try (PipeHolder holder = PipeHolder.of("4", "-", FULL, "5", "-", FULL, "6", "-", FULL)) {
            String shown = onTerminal(
                    "standpipe checkpoint --pid " + holder.pid() + " -o - | { head -c 1 > app.ckpt; sleep 1; cat >> app.ckpt; }");
            assertTrue(shown.contains(CLEAR + "write"), shown);
            assertTrue(shown.contains(CLEAR + "standpipe: saved 3 pipes with "), shown);
            for (String line : shown.split("\r")) {
                assertFalse(line.startsWith("\u001b[Kwrite") && line.length() >= "\u001b[K".length() + 60, line);
            }
        }
    }

    /** The first part of the image is larger than the pipe; the second part follows a second after restore has begun to read. */
    @Test
    void barIsClearedBeforeTheCommandStarts() throws Exception {
        PipeHolder.save(directory.resolve("app.ckpt"), "4", "-", FULL, "5", "-", FULL);
        String shown = onTerminal("{ head -c 100000 app.ckpt; sleep 1; tail -c +100001 app.ckpt; } | standpipe restore - -- sh -c 'exec >&2; echo hello'");
        assertTrue(shown.contains(CLEAR + "receive"), shown);
        assertTrue(shown.contains(CLEAR + "hello"), shown);
    }

    @Test
    void shortWorkShowsNoBar() throws Exception {
        PipeHolder.save(directory.resolve("app.ckpt"), "4", "-", "payload");
        String shown = onTerminal("standpipe restore app.ckpt -- echo hello");
        assertFalse(shown.contains("\u001b["), shown);
    }

    @Test
    void standardErrorThatIsNoTerminalShowsNoBar() throws Exception {
        try (PipeHolder holder = PipeHolder.of("4", "-", FULL, "5", "-", FULL, "6", "-", FULL)) {
            String shown = onTerminal("standpipe checkpoint --pid " + holder.pid()
                    + " -o - 2> said | { head -c 1 > app.ckpt; sleep 1; cat >> app.ckpt; }; cat said");
            assertFalse(shown.contains("\u001b["), shown);
            assertTrue(shown.contains("standpipe: saved 3 pipes"), shown);
        }
    }
}
