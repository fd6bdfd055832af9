// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.internal.proc.ProcessStatus;
import io.standpipe.testkit.Await;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.PipeIo;
import io.standpipe.testkit.TestProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(DescriptorLeakCheck.class)
class CheckpointOfProcessTest {

    private static final int FULL = 65_536;

    @TempDir
    Path folder;

    @Test
    void fullPipelineIsSavedWithAllBytes() throws IOException {
        try (TestProcess shell = counting()) {
            int reader = fullReader(shell);
            Checkpoint.ofProcess(reader, 0).writeTo(image());
            assertArrayEquals(firstCounted(), restoredContent(0));
        }
    }

    @Test
    void secondCheckpointSavesTheSameBytes() throws IOException {
        try (TestProcess shell = counting()) {
            int reader = fullReader(shell);
            Checkpoint.ofProcess(reader, 0).writeTo(image());
            byte[] first = restoredContent(0);
            Checkpoint.ofProcess(reader, 0).writeTo(image());
            assertArrayEquals(first, restoredContent(0));
        }
    }

    @Test
    void processesRunOnAfterCheckpoint() throws IOException {
        try (TestProcess shell = counting()) {
            int reader = fullReader(shell);
            Checkpoint.ofProcess(reader).writeTo(image());
            assertTrue(ProcessHandle.of(reader).orElseThrow().isAlive());
            assertTrue(shell.isAlive());
        }
    }

    @Test
    void pipeIsStillFullAfterCheckpoint() throws IOException {
        try (TestProcess shell = counting()) {
            int reader = fullReader(shell);
            Checkpoint.ofProcess(reader).writeTo(image());
            TestProcess.awaitQueued(reader, 0, FULL);
        }
    }

    @Test
    void reportNamesTheProcess() throws IOException {
        try (TestProcess shell = counting()) {
            int reader = fullReader(shell);
            assertEquals(reader, Checkpoint.ofProcess(reader, 0).writeTo(image()).pids().get(0));
        }
    }

    @Test
    void imageNamesTheProcessAndItsParent() throws IOException {
        try (TestProcess process = sleeping("exec sleep 1000")) {
            Checkpoint.ofProcess(process.pid()).writeTo(image());
            Image.Process saved = Restore.from(image()).check().processes().get(0);
            assertEquals(
                    List.of((long) process.pid(), ProcessHandle.current().pid()),
                    List.of(saved.pid(), saved.parentPid()));
        }
    }

    @Test
    void allPipesOfAProcessAreSaved() throws IOException {
        try (TestProcess process = sleeping("exec sleep 1000")) {
            Checkpoint.ofProcess(process.pid()).writeTo(image());
            try (RestoredPipes restored = Restore.from(image()).open()) {
                assertEquals(Set.of(0, 1, 2), restored.numbers());
            }
        }
    }

    @Test
    void descriptorsOfNoPipesAreLeftOut() throws IOException {
        try (TestProcess process = sleeping("exec 1</dev/null; exec sleep 1000")) {
            Checkpoint.ofProcess(process.pid()).writeTo(image());
            try (RestoredPipes restored = Restore.from(image()).open()) {
                assertEquals(Set.of(0, 2), restored.numbers());
            }
        }
    }

    @Test
    void eachPipeOfAProcessHasItsOwnBytes() throws IOException {
        try (TestProcess process = sleeping("printf out; printf error >&2; exec sleep 1000").feed(new byte[] {1})) {
            TestProcess.awaitQueued(process.pid(), 0, 1);
            Checkpoint.ofProcess(process.pid()).writeTo(image());
            assertEquals(
                    List.of(1L, 3L, 5L),
                    Restore.from(image()).check().pipes().values().stream().map(Image.Pipe::payloadBytes).toList());
        }
    }

    @Test
    void onlyTheChosenDescriptorsAreSaved() throws IOException {
        try (TestProcess process = sleeping("exec sleep 1000")) {
            Checkpoint.ofProcess(process.pid(), 2, 0).writeTo(image());
            try (RestoredPipes restored = Restore.from(image()).open()) {
                assertEquals(Set.of(0, 2), restored.numbers());
            }
        }
    }

    @Test
    void duplicatesAreOneDescription() throws IOException {
        try (TestProcess process = sleeping("exec 7<&0 9<&0; exec sleep 1000")) {
            Checkpoint.ofProcess(process.pid(), 0, 7, 9).writeTo(image());
            assertEquals(
                    1, descriptors().stream().map(d -> d.description().objref()).distinct().count());
        }
    }

    @Test
    void reopenedDescriptorsAreSeveralDescriptions() throws IOException {
        try (TestProcess process = sleeping("exec 7</proc/self/fd/0; exec sleep 1000")) {
            Checkpoint.ofProcess(process.pid(), 0, 7).writeTo(image());
            assertEquals(
                    2, descriptors().stream().map(d -> d.description().objref()).distinct().count());
        }
    }

    @Test
    void closeOnExecIsSaved() throws IOException {
        try (TestProcess process = sleeping("exec sleep 1000")) {
            Checkpoint.ofProcess(process.pid(), 0).writeTo(image());
            assertFalse(descriptors().get(0).closeOnExec());
        }
    }

    @Test
    void processWithoutPipesIsSavedWithoutDescriptors() throws IOException {
        try (TestProcess process = TestProcess.shellWithoutPipes("exec sleep 1000").awaitBecome("sleep")) {
            CheckpointReport report = Checkpoint.ofProcess(process.pid()).writeTo(image());
            assertEquals(List.of(0, 0), List.of(report.descriptors(), report.pipes()));
        }
    }

    @Test
    void imageWithoutDescriptorsIsRestored() throws IOException {
        try (TestProcess process = TestProcess.shellWithoutPipes("exec sleep 1000").awaitBecome("sleep")) {
            Checkpoint.ofProcess(process.pid()).writeTo(image());
            try (RestoredPipes restored = Restore.from(image()).open()) {
                assertEquals(Set.of(), restored.numbers());
            }
        }
    }

    @Test
    void zombieIsRefused() throws Exception {
        // The child ends when its input does: after the shell has become sleep, which waits for no child.
        Process parent = new ProcessBuilder("sh", "-c", "exec 3<&0; (read line <&3) & echo $!; exec sleep 1000").start();
        try (BufferedReader out = new BufferedReader(new InputStreamReader(parent.getInputStream()))) {
            int pid = Integer.parseInt(out.readLine());
            Await.until("the shell is sleep", () -> ProcessStatus.of((int) parent.pid()).name().equals("sleep"));
            parent.getOutputStream().close();
            Await.until("the child has ended", () -> ProcessStatus.of(pid).hasEnded());

            StandpipeException refused = assertThrows(
                    StandpipeException.class, () -> Checkpoint.ofProcess(pid).writeTo(image()));

            assertEquals("process " + pid + ": it has ended", refused.getMessage());
            assertFalse(Files.exists(image()));
        } finally {
            parent.getErrorStream().close();
            parent.destroyForcibly().waitFor();
        }
    }

    @Test
    void endedProcessIsRefused() throws IOException {
        try (TestProcess process = sleeping("exec sleep 1000")) {
            process.kill();
            StandpipeException e = assertThrows(
                    StandpipeException.class, () -> Checkpoint.ofProcess(process.pid()).writeTo(image()));
            assertEquals("process " + process.pid() + ": there is no such process", e.getMessage());
        }
    }

    private static TestProcess counting() throws IOException {
        return TestProcess.shell("seq 1 1000000 | (exec sleep 1000)");
    }

    private static int fullReader(TestProcess shell) {
        int reader = shell.awaitDescendant("sleep");
        TestProcess.awaitQueued(reader, 0, FULL);
        return reader;
    }

    private static byte[] firstCounted() {
        StringBuilder counted = new StringBuilder();
        for (int i = 1; counted.length() < FULL; i++) {
            counted.append(i).append('\n');
        }
        return Arrays.copyOf(counted.toString().getBytes(StandardCharsets.US_ASCII), FULL);
    }

    private static TestProcess sleeping(String script) throws IOException {
        return TestProcess.shell(script).awaitBecome("sleep");
    }

    private byte[] restoredContent(int number) throws IOException {
        try (RestoredPipes restored = Restore.from(image()).open()) {
            return PipeIo.readAll(restored.descriptor(number).number());
        }
    }

    private List<Image.Descriptor> descriptors() throws IOException {
        return Restore.from(image()).check().processes().get(0).table().descriptors();
    }

    private Path image() {
        return folder.resolve("pipes.ckpt");
    }
}
