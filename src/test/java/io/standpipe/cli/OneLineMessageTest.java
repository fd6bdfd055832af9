// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.PipeHolder;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A failure is printed as one line. */
@ExtendWith(DescriptorLeakCheck.class)
class OneLineMessageTest {

    @TempDir
    Path directory;

    @Test
    void wrongUsagePrintsOneLine() throws Exception {
        CommandRun.here().failed(2, "no command is named");
        CommandRun.here("show", "--frobnicate", "app.ckpt").failed(2, "--frobnicate");
        CommandRun.here("checkpoint", "--pid", "1").failed(2, "--output");
    }

    @Test
    void fileNameWithLineBreakIsPrintedInOneLine() throws Exception {
        CommandRun.here("show", directory.resolve("two\nlines")).failed(1, "there is no such file");
    }

    @Test
    void missingTemporaryDirectoryPrintsOneLine() throws Exception {
        List<String> environment = List.of("env", "JDK_JAVA_OPTIONS=-Djava.io.tmpdir=" + directory.resolve("absent"));
        CommandRun run = CommandRun.through(environment, "demo");
        long own = run.err.lines()
                .filter(line -> !line.startsWith("NOTE: ") && !line.startsWith("WARNING: java.io.tmpdir"))
                .count();
        assertEquals(1, own, run.err);
    }

    @Test
    void fullStandardOutputExitsWith1() throws Exception {
        Path image = PipeHolder.save(directory.resolve("app.ckpt"), "4", "-", "payload");
        CommandRun.shell("exec \"$@\" >/dev/full", "show", image).failed(1);
        CommandRun.shell("exec \"$@\" >/dev/full", "show", "--json", image).failed(1);
    }

    @Test
    void nameThatTheLocaleCannotWriteIsRefusedWithALocaleThatCan() throws Exception {
        String named = "LC_ALL=C exec \"$@\" \"$(printf 'n\\303\\244me')\"";
        CommandRun.shell(named, "show").failed(2, "FILE: ", "cannot be read in this JVM's encoding of file names, ", "LC_ALL=C.UTF-8");
        CommandRun.shell(named, "checkpoint", "--pid", 1, "-o").failed(2, "--output: ", "LC_ALL=C.UTF-8");
        CommandRun.shell(named.replace("LC_ALL=C ", "LC_ALL=C.UTF-8 "), "show").failed(1, "there is no such file");
    }

    @Test
    void limitOfFileSizesIsNamed() throws Exception {
        CommandRun run = CommandRun.shell("ulimit -f 1; exec \"$@\"", "check");
        assertTrue(run.err.contains("files may not have its size here: raise the limit with ulimit -f"), run.err);
    }
}
