// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.testkit.Host;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Asks a fish that has loaded the completion script what it offers. */
class FishCompletionTest {

    private static final Path FISH = Path.of("/usr/bin/fish");

    @TempDir
    Path directory;

    @BeforeEach
    void needFish() throws Exception {
        Host.assumeTool("fish");
        CompletionShell.prepare(directory);
    }

    /** Returns what fish offers for a line, each with its description. */
    private List<String> offered(String line) throws Exception {
        Files.writeString(directory.resolve(".completion"), CommandRun.here("completion", "fish").succeeded().out);
        List<String> lines = CommandRun.program(List.of(
                "env", "HOME=" + directory, "PATH=" + System.getenv("PATH") + ":" + directory + "/programs", FISH.toString(), "-c",
                "cd $argv[1]; source .completion; complete -C $argv[2]", directory.toString(), "standpipe " + line)).succeeded().outLines();
        CompletionShell.assertNotRun(directory);
        return lines;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "checkp                         | checkpoint",
        "checkpoint --fr                | --freeze",
        "checkpoint --freeze cg         | cgroup",
        "checkpoint --freeze=cg         | --freeze=cgroup",
        "restore --copy ap              | app one.ckpt",
        "checkpoint -o ap               | app one.ckpt",
        "list --columns pid,comm        | pid,command",
        "swap --signal TE               | TERM",
        "attach 1 for                   | forget",
        "help checkp                    | checkpoint",
        "criu imp                       | import",
        "criu import --js               | --json",
        "criu import -o ap              | app one.ckpt",
        "-q criu import prog            | programs/",
        "criu --verb                    | --verbose",
        "help criu imp                  | import",
        "swap --pid 1 -- probe-of       | probe-of-completion",
        "restore app.ckpt probe-of      | probe-of-completion",
        "restore x -- grep --line-b     | --line-buffered",
        "restore 'a b' -- grep --line-b | --line-buffered"})
    void lineIsCompleted(String typed, String word) throws Exception {
        List<String> offered = offered(typed);
        assertEquals(1, offered.size(), offered::toString);
        assertEquals(word, offered.get(0).split("\t")[0]);
    }

    @Test
    void everyCommandIsOfferedWithWhatItDoes() throws Exception {
        List<String> offered = offered("");
        assertEquals(Verbs.NAMES.stream().sorted().toList(), offered.stream().map(line -> line.split("\t")[0]).sorted().toList());
        assertTrue(offered.contains("show\tShows what an image holds: processes, descriptors, pipes and how full they are"), offered::toString);
    }

    @Test
    void pidsAreOfferedWithTheirCommands() throws Exception {
        Process process = CompletionShell.trap(directory);
        try {
            List<String> offered = offered("hold --pid ");
            assertTrue(offered.contains(process.pid() + "\t" + CompletionShell.TRAP), offered::toString);
            assertTrue(offered("show ").contains(CompletionShell.TRAP), offered::toString);
        } finally {
            process.destroyForcibly().waitFor();
        }
    }
}
