// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.internal.freeze.TestCgroup;
import io.standpipe.testkit.Await;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.TestJvm;
import io.standpipe.testkit.TestProcess;
import io.standpipe.testkit.Thorough;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Pipelines at work are saved again and again: no byte is lost or doubled, and nobody is left standing still. */
@ExtendWith(DescriptorLeakCheck.class)
class UnderLoadTest {

    private static final int LINES = Thorough.rounds(1_000_000, 3_000_000);
    private static final int MESSAGES = Thorough.rounds(500, 2_000);
    private static final int KILLS = Thorough.rounds(4, 10);
    private static final int ROUNDS = 300;

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(Freeze.class)
    void pipelineOutputIsUnchangedByCheckpoints(Freeze freeze) throws Exception {
        try (TestCgroup cgroup = freeze == Freeze.CGROUP ? TestCgroup.make() : null;
                TestProcess shell = TestProcess.shellWithoutPipes("cd '" + folder + "'; until [ -e go ]; do :; done;"
                        + " seq 1 " + LINES + " | gzip -1 | gunzip | sha256sum > sum; touch done; exec sleep 1000")) {
            if (cgroup != null) {
                cgroup.add(shell.pid());
            }
            Files.createFile(folder.resolve("go"));
            int saved = 0;
            for (int i = 0; i < ROUNDS && !Files.exists(folder.resolve("done")); i++) {
                try (Snapshot snapshot = Checkpoint.ofTree(shell.pid()).freezing(freeze).snapshot()) {
                    saved += snapshot.pipes();
                }
            }
            Await.until("the pipeline is done", () -> Files.exists(folder.resolve("done")));
            assertTrue(saved > 0, "no pipe was saved while they were in use");
            assertEquals(expected(), Files.readString(folder.resolve("sum")));
        }
    }

    private String expected() throws Exception {
        Path sum = folder.resolve("expected");
        Process process = new ProcessBuilder("sh", "-c", "seq 1 " + LINES + " | sha256sum > '" + sum + "'").inheritIO().start();
        assertEquals(0, process.waitFor());
        return Files.readString(sum);
    }

    /** A supervisor with workers that talk to it: in each round of theirs every worker has answered once. */
    @Test
    void supervisorAndWorkersLoseNoMessage() throws IOException {
        String script = "cd '" + folder + "'; mkfifo 0 1 2 3 4 5 6 7 8 9 back; exec 9<>back;"
                + " for i in 0 1 2 3 4 5 6 7 8 9; do (while read n; do echo $n; done <>$i >&9) & done;"
                + " n=0; while [ $n -lt " + MESSAGES + " ]; do n=$((n + 1));"
                + " for i in 0 1 2 3 4 5 6 7 8 9; do echo $n >$i; done;"
                + " for i in 0 1 2 3 4 5 6 7 8 9; do read a <&9; [ $a = $n ] || echo $a instead of $n >> wrong; done;"
                + " done; touch done; exec sleep 1000";
        try (TestProcess supervisor = TestProcess.shellWithoutPipes(script)) {
            for (int i = 0; i < ROUNDS && !Files.exists(folder.resolve("done")); i++) {
                Checkpoint.ofTree(supervisor.pid()).writeTo(folder.resolve("image.ckpt"));
            }
            Await.until("all messages have come back", () -> Files.exists(folder.resolve("done")));
            assertEquals(false, Files.exists(folder.resolve("wrong")));
        }
    }

    @Test
    void processesRunAgainWhenCheckpointingJvmIsKilled() throws Exception {
        Random random = new Random(7);
        try (TestProcess shell = TestProcess.shellWithoutPipes("while :; do seq 1 1000 | cat | cat > /dev/null; done")) {
            for (int i = 0; i < KILLS; i++) {
                try (TestProcess saver = TestJvm.start(SaveAgainAndAgain.class, "" + shell.pid(), folder + "/image.ckpt")) {
                    saver.awaitOutput("saving");
                    LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(random.nextInt(60_000)));
                    saver.killAlone();
                }
                Await.until("nobody is stopped", () -> nobodyIsStopped(shell.pid()));
                Restore.from(folder.resolve("image.ckpt")).check();
            }
        }
    }

    private static boolean nobodyIsStopped(int root) throws IOException {
        for (ProcessHandle handle : ProcessHandle.of(root).orElseThrow().descendants().toList()) {
            String stat = Files.readString(Path.of("/proc/" + handle.pid() + "/stat"));
            if (stat.charAt(stat.lastIndexOf(')') + 2) == 'T') {
                return false;
            }
        }
        return ProcessHandle.of(root).isPresent();
    }
}
