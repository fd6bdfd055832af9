// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.freeze;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.Freeze;
import io.standpipe.StandpipeException;
import io.standpipe.internal.proc.ProcDirectory;
import io.standpipe.internal.sys.WaitLimit;
import io.standpipe.testkit.Await;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.TestJvm;
import io.standpipe.testkit.TestProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Frozen processes run again, even if whoever froze them was killed. */
@ExtendWith(DescriptorLeakCheck.class)
class FreezerTest {

    @Test
    void everyThreadOfAProcessStandsStill() throws IOException {
        try (TestProcess process = TestJvm.start(SpinningThreads.class)) {
            process.awaitOutput("spinning");
            for (int i = 0; i < 20; i++) {
                try (Freezer freezer = new Freezer(Freeze.PTRACE, WaitLimit.NONE)) {
                    freezer.prepare(List.of(process.pid()));
                    freezer.hold();
                    for (int thread : ProcDirectory.threads(process.pid())) {
                        assertEquals('t', state(process.pid(), thread), "round " + i + ", thread " + thread);
                    }
                }
                Await.until("it runs", () -> state(process.pid(), process.pid()) != 't');
            }
        }
    }

    @Test
    void whatWasStoppedRunsAgainWhenTheFreezerIsKilled() throws IOException {
        try (TestProcess process = TestProcess.shell("exec sleep 1000").awaitBecome("sleep")) {
            try (TestProcess freezer = TestJvm.start(HoldFrozen.class, "PTRACE", Integer.toString(process.pid()))) {
                freezer.awaitOutput("frozen");
                assertEquals('t', state(process.pid(), process.pid()));
                freezer.killAlone();
                Await.until("it runs again", () -> state(process.pid(), process.pid()) == 'S');
            }
        }
    }

    @Test
    void whatWasInAFrozenCgroupRunsAgainWhenTheFreezerIsKilled() throws IOException {
        try (TestCgroup cgroup = TestCgroup.make();
                TestProcess process = TestProcess.shell("exec sleep 1000").awaitBecome("sleep")) {
            cgroup.add(process.pid());
            try (TestProcess freezer = TestJvm.start(HoldFrozen.class, "CGROUP", Integer.toString(process.pid()))) {
                freezer.awaitOutput("frozen");
                assertTrue(cgroup.cgroup().isFreezing());
                freezer.killAlone();
                Await.until("it runs again", () -> !cgroup.cgroup().isFreezing());
            }
        }
    }

    @Test
    void aCgroupIsFrozenAndThawed() throws IOException {
        try (TestCgroup cgroup = TestCgroup.make();
                TestProcess process = TestProcess.shell("exec sleep 1000").awaitBecome("sleep");
                Freezer freezer = new Freezer(Freeze.CGROUP, WaitLimit.NONE)) {
            cgroup.add(process.pid());
            freezer.prepare(List.of(process.pid()));
            freezer.hold();
            assertTrue(cgroup.isFrozen());
            freezer.thaw();
            assertEquals(false, cgroup.cgroup().isFreezing());
        }
    }

    @Test
    void aCgroupThatWasFrozenBeforeStaysFrozen() throws IOException {
        try (TestCgroup cgroup = TestCgroup.make();
                TestProcess process = TestProcess.shell("exec sleep 1000").awaitBecome("sleep")) {
            cgroup.add(process.pid());
            cgroup.freeze();
            try (Freezer freezer = new Freezer(Freeze.CGROUP, WaitLimit.NONE)) {
                freezer.prepare(List.of(process.pid()));
                freezer.hold();
            }
            assertTrue(cgroup.cgroup().isFreezing());
            cgroup.thaw();
        }
    }

    @Test
    void whoeverStopsAProcessWaitsForOthersWhoHaveItStopped() throws Exception {
        try (TestProcess process = TestProcess.shell("exec sleep 1000").awaitBecome("sleep")) {
            assertWaits(Freeze.PTRACE, process.pid(), () -> state(process.pid(), process.pid()) == 't');
        }
    }

    @Test
    void whoeverFreezesACgroupWaitsForOthersWhoHaveItFrozen() throws Exception {
        try (TestCgroup cgroup = TestCgroup.make();
                TestProcess process = TestProcess.shell("exec sleep 1000").awaitBecome("sleep")) {
            cgroup.add(process.pid());
            assertWaits(Freeze.CGROUP, process.pid(), () -> cgroup.cgroup().isFreezing());
        }
    }

    /** The second finds what the first has frozen, and must not take that for its user's doing. */
    private static void assertWaits(Freeze how, int pid, Await.Condition frozen) throws Exception {
        try (Freezer second = new Freezer(how, WaitLimit.NONE)) {
            FutureTask<List<Integer>> preparation = new FutureTask<>(() -> second.prepare(List.of(pid)));
            try (Freezer first = new Freezer(how, WaitLimit.NONE)) {
                first.prepare(List.of(pid));
                first.hold();
                assertTrue(frozen.holds());
                Thread thread = new Thread(preparation);
                thread.start();
                Await.until("it waits", () -> thread.getState() == Thread.State.TIMED_WAITING || preparation.isDone());
            }
            assertEquals(List.of(pid), preparation.get());
            second.hold();
            assertTrue(frozen.holds());
        }
        Await.until("it runs again", () -> !frozen.holds());
    }

    @Test
    void theRootCgroupCannotBeFrozen() throws IOException {
        try (TestCgroup cgroup = TestCgroup.make();
                TestProcess process = TestProcess.shell("exec sleep 1000").awaitBecome("sleep");
                Freezer freezer = new Freezer(Freeze.CGROUP, WaitLimit.NONE)) {
            cgroup.addToRoot(process.pid());
            StandpipeException e = assertThrows(StandpipeException.class, () -> freezer.prepare(List.of(process.pid())));
            assertTrue(e.getMessage().endsWith("use --freeze ptrace"), e.getMessage());
        }
    }

    @Test
    void whatHasEndedIsLeftOut() throws IOException {
        TestProcess process = TestProcess.shell("exec sleep 1000").awaitBecome("sleep");
        try (process; Freezer freezer = new Freezer(Freeze.PTRACE, WaitLimit.NONE)) {
            process.kill();
            assertEquals(List.of(), freezer.prepare(List.of(process.pid())));
        }
    }

    private static char state(int pid, int thread) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + pid + "/task/" + thread + "/stat"));
        return stat.charAt(stat.lastIndexOf(')') + 2);
    }
}
