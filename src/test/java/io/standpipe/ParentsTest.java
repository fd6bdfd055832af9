// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.testkit.Await;
import io.standpipe.testkit.CCode;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.Host;
import io.standpipe.testkit.TestProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Parents of frozen processes notice nothing: neither those that wait for stops nor those that are told of them by a signal. */
@ExtendWith(DescriptorLeakCheck.class)
class ParentsTest {

    private static final int ROUNDS = 8;

    @TempDir
    static Path programs;

    private static Path parents;

    @TempDir
    Path directory;

    @BeforeAll
    static void compile() throws IOException, InterruptedException {
        parents = CCode.program(programs, ParentsTest.class, "parents.c");
    }

    @ParameterizedTest
    @ValueSource(strings = {"handler", "stops", "bash --norc -i", "dash -i"})
    void parentNoticesNoFreeze(String kind) throws Exception {
        List<String> command = new ArrayList<>(List.of(parents.toString()));
        command.addAll(List.of(kind.split(" ")));
        try (TestProcess parent = TestProcess.of(command).awaitOutput("ready")) {
            for (int i = 0; i < ROUNDS; i++) {
                save(children(parent.pid()), Freeze.PTRACE);
            }
            parent.feed("?\n".getBytes(StandardCharsets.US_ASCII)).awaitOutput("noticed 0");
        }
    }

    /** This is what the test above would see of a freeze by signals. */
    @ParameterizedTest
    @ValueSource(strings = {"stops", "bash --norc -i"})
    void parentNoticesSigstop(String kind) throws Exception {
        List<String> command = new ArrayList<>(List.of(parents.toString()));
        command.addAll(List.of(kind.split(" ")));
        try (TestProcess parent = TestProcess.of(command).awaitOutput("ready")) {
            Await.until("it notices", () -> {
                save(children(parent.pid()), Freeze.STOP);
                parent.feed("?\n".getBytes(StandardCharsets.US_ASCII));
                return !parent.readLine().equals("noticed 0");
            });
        }
    }

    /** Each stops itself when its child stops, and would stay so. */
    @ParameterizedTest
    @ValueSource(strings = {
        "su nobody -s /bin/sh -c 'sleep 1000 | sleep 1000'", "script -qec 'sleep 1000 | sleep 1000' /dev/null",
        "setsid -w sh -c 'sleep 1000 | sleep 1000'", "runuser -u nobody -- sh -c 'sleep 1000 | sleep 1000'"
    })
    void programThatWaitsForStopsGoesOn(String command) throws Exception {
        Host.assumeTool(command.split(" ")[0]);
        if (command.contains("nobody")) {
            Host.assumeRoot();
        }
        try (TestProcess process = TestProcess.shellWithoutPipes("exec " + command)) {
            process.awaitDescendant("sleep");
            for (int i = 0; i < ROUNDS; i++) {
                Checkpoint.ofTree(process.pid()).writeTo(directory.resolve("tree.ckpt"));
                for (ProcessHandle handle : ProcessHandle.of(process.pid()).orElseThrow().descendants().toList()) {
                    assertTrue("RS".indexOf(TestProcess.state((int) handle.pid())) >= 0, handle::toString);
                }
                assertTrue("RS".indexOf(process.state()) >= 0, command);
            }
        }
    }

    /** A JVM that traced its own children would take their stops for their ends. */
    @Test
    void childOfThisJvmIsNotTakenForEnded() throws Exception {
        Process child = new ProcessBuilder("sleep", "1000").start();
        try {
            for (int i = 0; i < 10 * ROUNDS; i++) {
                save(List.of((int) child.pid()), Freeze.PTRACE);
            }
            assertTrue(child.isAlive());
            child.destroyForcibly();
            assertTrue(child.waitFor(10, TimeUnit.SECONDS));
            assertEquals(128 + 9, child.exitValue());
        } finally {
            child.destroyForcibly();
        }
    }

    private void save(List<Integer> pids, Freeze freeze) throws StandpipeException {
        Checkpoint.ofProcesses(pids.stream().mapToLong(pid -> pid).toArray()).freezing(freeze).writeTo(directory.resolve("a.ckpt"));
    }

    /** The descendants that have no children of their own. */
    private static List<Integer> children(int parent) {
        return ProcessHandle.of(parent).orElseThrow().descendants()
                .filter(handle -> handle.children().findAny().isEmpty())
                .map(handle -> (int) handle.pid())
                .toList();
    }
}
