// SPDX-License-Identifier: Apache-2.0
package io.standpipe.scenarios;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.Host;
import io.standpipe.testkit.Keeper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Whole processes that CRIU dumps and restores with Standpipe as its action script, compared with processes that never were dumped. */
@Timeout(180)
@ExtendWith(DescriptorLeakCheck.class)
class CriuHookKindsTest {

    /** CRIU refuses to dump the first two, and the third is refused since CRIU could not restore it. */
    private static final Set<String> REFUSED = Set.of("packets", "full of packets of one byte", "FIFO with packets");

    /** To the script, the end in the queue is one that somebody outside has: it leaves the pipe as CRIU has made it. */
    private static final Set<String> LEFT_TO_CRIU = Set.of("end in a socket's queue");

    /** What is not as it was, by the kinds' names: what CRIU does as it opens a description cannot be undone. */
    private static final Map<String, String> DIFFERENCES = Map.of(
            "end opened several times", "process 0: getfl 4 -> O_WRONLY; restored: process 0: getfl 4 -> O_WRONLY|O_LARGEFILE\n"
                    + "process 0: getfl 7 -> O_WRONLY|O_NONBLOCK|O_LARGEFILE; restored: process 0: getfl 7 -> O_WRONLY|O_NONBLOCK\n",
            "FIFO with a signal", "process 0: signals -> 10:3:POLLIN; restored: process 0: signals -> \n"
                    + "process 0: signals -> 10:3:POLLOUT; restored: process 0: signals -> \n",
            "FIFO that never had a writer", "process 0: poll 3 POLLIN|POLLOUT -> 0; restored: process 0: poll 3 POLLIN|POLLOUT -> POLLHUP\n"
                    + "process 0: poll 3 POLLIN -> 0; restored: process 0: poll 3 POLLIN -> POLLHUP\n");

    @TempDir
    static Path programs;

    private static Path program;
    private static Path criu;

    @TempDir
    Path directory;

    @BeforeAll
    static void compile() throws IOException, InterruptedException {
        criu = Host.assumeCriu();
        program = Stage.compile(programs.toRealPath());
    }

    @Test
    void allKindsInOneTreeAreAsTheyWere() throws Exception {
        Set<String> names = TreeComparison.kinds(Path.of("/")).map(Kind::name)
                .filter(name -> !REFUSED.contains(name) && !LEFT_TO_CRIU.contains(name)).collect(Collectors.toSet());
        Path folder = directory.toRealPath();
        DumpTool tool = DumpTool.hook(criu, folder.resolve("hook"));
        Map<String, String> differences = new TreeComparison(tool, program, folder).differences(names);
        assertEquals(names, differences.keySet());
        assertAll(names.stream().map(name -> () -> assertEquals(DIFFERENCES.getOrDefault(name, ""), differences.get(name), name)));
        String log = Files.readString(folder.resolve("restored/restore"));
        assertTrue(log.contains(": sends no signals, since CRIU has opened the FIFO with O_ASYNC"), log);
    }

    @Test
    void fifoThatCriuCannotRestoreIsRefusedAndItsProcessGoesOn() throws Exception {
        Path folder = directory.toRealPath();
        try (Stage stage = Stage.in(folder, program); Keeper original = stage.startTree()) {
            Puppet puppet = stage.await(original.pid())
                    .does("mkfifo " + folder + "/fifo 0600", "open " + folder + "/fifo O_RDWR 3", "setfl 3 O_DIRECT").writes(3, "one");
            stage.rest(List.of(puppet));
            List<String> command = DumpTool.hook(criu, folder.resolve("hook")).dump(original.pid(), Files.createDirectory(folder.resolve("images")));
            try (Keeper dump = Keeper.start(command, folder.resolve("dump"))) {
                assertNotEquals(0, dump.awaitCommand(), dump::output);
                assertTrue(dump.output().contains("standpipe: descriptor 3 of process " + original.pid()
                        + " is of a FIFO in packet mode (O_DIRECT), which CRIU dumps but cannot restore by itself;"), dump::output);
            }
            stage.wake(true);
            stage.await(original.pid()).writes(3, "three").reads("one", 3, 100).reads("three", 3, 100);
        }
    }
}
