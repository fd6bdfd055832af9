// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli.criu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.StandpipeException;
import io.standpipe.cli.Main;
import io.standpipe.testkit.ChildRun;
import io.standpipe.testkit.TestJvm;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is between the user, this command and CRIU: options, and files beside CRIU's images. */
class CriuOptionsTest {

    @TempDir
    Path directory;

    @Test
    void theCommandOfExecCmdStaysLast() throws Exception {
        Path criu = Files.writeString(directory.resolve("criu"), "#!/bin/sh\necho \"$@\"\n");
        assertTrue(criu.toFile().setExecutable(true));
        ChildRun run = TestJvm.run(
                List.of(), Main.class, "criu", "restore", "--quiet", "--images-dir", directory.toString(), "--criu", criu.toString(),
                "--", "--exec-cmd", "--", "next", "-D", "its own");
        assertTrue(run.output().endsWith("restore --exec-cmd --images-dir " + directory + " -- next -D its own\n"), run::output);
    }

    @Test
    void optionsOfTheCommandOfExecCmdAreNotCrius() {
        CriuOptions options = CriuOptions.of(List.of("-W", "work", "--exec-cmd", "--", "next", "-W", "other", "--images-dir=x"))
                .refusing("--images-dir");
        assertEquals("work", options.value("--work-dir", "default"));
        assertEquals(List.of("--exec-cmd"), options.without("--work-dir"));
        assertEquals(List.of("--", "next", "-W", "other", "--images-dir=x"), options.command());
    }

    static Stream<List<String>> damagedPids() {
        return Stream.of(
                List.of("1 2\n3 x\n", ", line 2: expected two pids, found '3 x'"),
                List.of("\377\033[1m\n", ", line 1: expected two pids, found '\\xff\\x1b[1m'"),
                List.of("9".repeat(5000), ", line 1: expected two pids, found '" + "9".repeat(40) + "'"));
    }

    @ParameterizedTest
    @MethodSource("damagedPids")
    void aDamagedFileOfPidsIsNamedOnce(List<String> textAndMessage) throws Exception {
        Path file = directory.resolve(NamespacePids.FILE);
        Files.writeString(file, textAndMessage.get(0), StandardCharsets.ISO_8859_1);
        String message = assertThrows(StandpipeException.class, () -> NamespacePids.read(directory, List.of())).getMessage();
        assertEquals(file + textAndMessage.get(1), message);
    }
}
