// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.Host;
import io.standpipe.testkit.PipeHolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Standard streams that are closed, or lead where they should not. */
@ExtendWith(DescriptorLeakCheck.class)
class StreamMistakesTest {

    private static final String CLOSED = "standpipe: standard output cannot be written: it is closed, or not open for writing\n";

    @TempDir
    Path directory;

    @Test
    void closedStandardInputIsNoDamagedImage() throws Exception {
        String said = "standard input is closed, from which the image was to come";
        CommandRun.shell("exec \"$@\" <&-", "show", "-").failed(2, said);
        CommandRun.shell("exec \"$@\" <&-", "extract", "-").failed(2, said);
        CommandRun.shell("exec \"$@\" <&-", "restore", "-", "--", "true").failed(2, said);
    }

    @Test
    void closedStandardOutputIsSaidInTheSameWordsByAll() throws Exception {
        Host.assumeUnrelatedProcessesCanBeSaved();
        Path image = directory.resolve("app.ckpt");
        try (PipeHolder holder = PipeHolder.of("4", "-", "payload")) {
            CommandRun.here("checkpoint", "-q", "--pid", holder.pid(), "-o", image).succeeded();
            for (List<Object> each : List.<List<Object>>of(
                    List.of("peek", "--pid", holder.pid(), "--fd", 4, "--bytes"), List.of("extract", image), List.of("show", image),
                    List.of("checkpoint", "--pid", holder.pid(), "-o", "-"))) {
                CommandRun run = CommandRun.shell("exec \"$@\" >&-", each.toArray());
                assertEquals(CLOSED, run.err, each::toString);
                assertEquals(1, run.exitStatus);
            }
        }
    }

    @Test
    void imageIsNotOverwrittenByWhatIsReadFromIt() throws Exception {
        Path image = PipeHolder.save(directory.resolve("app.ckpt"), "4", "-", "payload");
        byte[] before = Files.readAllBytes(image);
        String said = "standard output is the image itself: name another file behind >";
        CommandRun.shell("exec \"$@\" >> '" + image + "'", "extract", image).failed(2, said);
        CommandRun.shell("exec \"$@\" >> '" + image + "'", "show", image).failed(2, said);
        CommandRun.shell("exec \"$@\" < '" + image + "' >> '" + image + "'", "extract", "-").failed(2, said);
        assertArrayEquals(before, Files.readAllBytes(image));
        assertEquals("payload", CommandRun.of("extract", image).succeeded().out);
    }
}
