// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.testkit.Alone;
import io.standpipe.testkit.Await;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.Host;
import io.standpipe.testkit.TestProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Processes are frozen while their pipes are cloned, and run again whatever happens. */
@Alone("it saves all that descends from Maven")
@ExtendWith(DescriptorLeakCheck.class)
class FreezeTest {

    @TempDir
    Path folder;

    @Test
    void otherProcessesAreFrozenByDefault() throws IOException {
        try (TestProcess process = TestProcess.shell("exec sleep 1000").awaitBecome("sleep")) {
            assertTrue(save(Checkpoint.ofProcess(process.pid())).frozen().compareTo(Duration.ZERO) > 0);
            assertTrue(save(Checkpoint.ofProcess(process.pid()).writingWhileFrozen()).frozen().compareTo(Duration.ZERO) > 0);
            assertEquals(Duration.ZERO, save(Checkpoint.ofProcess(process.pid()).freezing(Freeze.NONE)).frozen());
            assertRuns(process.pid());
        }
    }

    @Test
    void stoppedProcessStaysStopped() throws IOException {
        try (TestProcess process = TestProcess.shell("kill -STOP $$; exec sleep 1000")) {
            Await.until("it is stopped", () -> state(process.pid()) == 'T');
            save(Checkpoint.ofProcess(process.pid()));
            assertEquals('T', state(process.pid()));
            signal("CONT", process.pid());
            process.awaitBecome("sleep");
        }
    }

    @Test
    void processChangingItsPipesIsSavedConsistently() throws IOException {
        try (TestProcess process = TestProcess.shellWithoutPipes("while :; do echo x | cat > /dev/null; done")) {
            for (int i = 0; i < 100; i++) {
                save(Checkpoint.ofTree(process.pid()));
            }
            assertTrue(process.isAlive());
            Await.until("it runs", () -> "RS".indexOf(state(process.pid())) >= 0);
        }
    }

    @Test
    void treeIsSavedWithAllDescendants() throws IOException {
        String script = "{ echo hello; exec tail -f /dev/null; } | sh -c 'sh -c \"sleep 1000; :\"; :'";
        try (TestProcess process = TestProcess.shellWithoutPipes(script)) {
            int writer = process.awaitDescendant("tail");
            int reader = process.awaitDescendant("sleep");
            CheckpointReport report = save(Checkpoint.ofTree(process.pid()));
            assertEquals(process.pid(), report.pids().get(0));
            assertTrue(report.pids().containsAll(List.of((long) writer, (long) reader)), report::toString);
            assertEquals(List.of(1, 6L), List.of(report.pipes(), report.payloadBytes()));
            for (long pid : report.pids()) {
                assertRuns(pid);
            }
        }
    }

    @Test
    void thisProcessIsLeftOutOfTree() throws IOException {
        long parent = ProcessHandle.current().parent().orElseThrow().pid();
        long own = ProcessHandle.current().pid();
        assertTrue(!save(Checkpoint.ofTree(parent).freezing(Freeze.NONE)).pids().contains(own));
    }

    @Test
    void allProcessesRunAgainAfterFailure() throws IOException {
        try (TestProcess process = TestProcess.shell("exec sleep 1000").awaitBecome("sleep")) {
            assertThrows(StandpipeException.class,
                    () -> Checkpoint.ofProcess(process.pid(), 0, 9).writeTo(folder.resolve("none")));
            assertThrows(StandpipeException.class,
                    () -> Checkpoint.ofProcess(process.pid()).writeTo(folder.resolve("no/such/folder")));
            assertThrows(StandpipeException.class, () -> Checkpoint.ofProcess(process.pid()).writingWhileFrozen()
                    .writeTo(folder.resolve("no/such/folder")));
            assertRuns(process.pid());
        }
    }

    @Test
    void tracedProcessIsRefusedWithItsTracer() throws IOException {
        Host.assumeTool("strace");
        try (TestProcess process = TestProcess.shell("exec sleep 1000").awaitBecome("sleep");
                TestProcess tracer = TestProcess.shell("exec strace -o /dev/null -p " + process.pid())) {
            Await.until("it is traced", () -> Files.readString(Path.of("/proc/" + process.pid() + "/status"))
                    .contains("TracerPid:\t" + tracer.pid()));
            StandpipeException e = assertThrows(
                    StandpipeException.class, () -> save(Checkpoint.ofProcess(process.pid())));
            assertEquals("process " + process.pid() + ": process " + tracer.pid() + " (strace) traces it, and only one"
                    + " process can; end that, or use --freeze none, which saves each pipe as of an instant of its own", e.getMessage());
            assertEquals(Duration.ZERO, save(Checkpoint.ofProcess(process.pid()).freezing(Freeze.NONE)).frozen());
        }
    }

    @Test
    void kernelThreadIsNamed() throws IOException {
        Host.assumeFirstPidNamespace();
        StandpipeException e = assertThrows(StandpipeException.class, () -> save(Checkpoint.ofProcess(2)));
        assertEquals("process 2: a kernel thread, which has no pipes", e.getMessage());
    }

    private CheckpointReport save(Checkpoint checkpoint) throws StandpipeException {
        return checkpoint.writeTo(folder.resolve("image.ckpt"));
    }

    private static void assertRuns(long pid) throws IOException {
        Await.until("process " + pid + " sleeps", () -> state(pid) == 'S');
    }

    private static char state(long pid) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        return stat.charAt(stat.lastIndexOf(')') + 2);
    }

    private static void signal(String name, int pid) throws IOException {
        try {
            Process kill = new ProcessBuilder("kill", "-" + name, Integer.toString(pid)).inheritIO().start();
            assertTrue(kill.waitFor(10, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
