// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.testkit.ChildRun;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.RefusedCalls;
import io.standpipe.testkit.TestJvm;
import io.standpipe.testkit.TestProcess;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Processes named by what Java has of them: {@link Process}, {@link ProcessHandle}, and all children. */
@ExtendWith(DescriptorLeakCheck.class)
class ProcessHandlesTest {

    @TempDir
    Path directory;

    private List<Process> pipeline;
    private Process writer;
    private Process reader;

    @BeforeEach
    void startPipeline() throws IOException {
        pipeline = ProcessBuilder.startPipeline(List.of(
                new ProcessBuilder("sh", "-c", "echo in flight; sleep 1001 & exec sleep 1000")
                        .redirectInput(new File("/dev/null")).redirectError(Redirect.DISCARD),
                new ProcessBuilder("sleep", "1000").redirectOutput(Redirect.DISCARD).redirectError(Redirect.DISCARD)));
        writer = pipeline.get(0);
        reader = pipeline.get(1);
        TestProcess.awaitQueued((int) reader.pid(), 0, "in flight\n".length());
    }

    @AfterEach
    void endPipeline() {
        for (Process process : pipeline) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().onExit().join();
        }
    }

    @Test
    void processAndHandleStandForAPid() throws Exception {
        assertEquals(Set.of(reader.pid()), saved(Checkpoint.ofProcess(reader)));
        assertEquals(Set.of(reader.pid()), saved(Checkpoint.ofProcess(reader, 0)));
        assertEquals(Set.of(reader.pid()), saved(Checkpoint.ofProcess(reader.toHandle(), 0)));
        assertEquals(Set.of(writer.pid(), reader.pid()), saved(Checkpoint.ofProcesses(writer, reader)));
        assertEquals(
                Set.of(writer.pid(), reader.pid()),
                saved(Checkpoint.ofProcesses(writer.toHandle(), reader.toHandle())
                        .onlyDescriptors(writer, 1).onlyDescriptors(reader.toHandle(), 0)));
        assertEquals(Set.of(writer.pid(), grandchild()), saved(Checkpoint.ofTree(writer)));
    }

    @Test
    void descriptorsOfAProcessAreChosenByWhatStandsForIt() throws Exception {
        assertEquals(1, Checkpoint.ofProcess(writer).leavingOut(writer, 2).writeTo(image()).descriptors());
        assertThrows(
                IllegalArgumentException.class, () -> Checkpoint.ofProcess(writer).leavingOut(writer.toHandle(), 1).writeTo(image()));
        StandpipeException e = assertThrows(
                StandpipeException.class, () -> Checkpoint.ofProcess(reader, 1).writeTo(image()));
        assertTrue(e.getMessage().contains("not a pipe, but the character device /dev/null"), e.getMessage());
    }

    @Test
    void listTakesProcessesBesidePids() throws Exception {
        LivePipes pipes = LivePipes.find();
        assertEquals(pipes.of(reader.pid()), pipes.of(reader));
        assertEquals(pipes.of(reader.pid()), pipes.of(writer.toHandle(), reader.toHandle()));
        assertEquals(1, pipes.of(reader).size());
    }

    @Test
    void livePipesTakeProcessesBesidePids() throws Exception {
        ProcessHandle handle = reader.toHandle();
        try (LiveEnds all = LiveEnds.ofProcess(reader); LiveEnds one = LiveEnds.ofProcess(reader, 0);
                LiveEnds same = LiveEnds.ofProcess(handle, 0)) {
            assertEquals(all.numbers(), one.numbers());
            assertEquals(all.numbers(), same.numbers());
        }
        List<String> missing = List.of("no-such-command-anywhere");
        for (Swap swap : List.of(
                Swap.of(reader, missing).onlyDescriptors(reader, 0), Swap.of(handle, missing).onlyDescriptors(handle, 0),
                Swap.of(writer, List.of("cat")).and(reader, missing).leavingOut(writer, 2),
                Swap.of(writer.toHandle(), List.of("cat")).and(handle, missing).leavingOut(writer.toHandle(), 2))) {
            assertThrows(CommandException.class, () -> swap.start(Set.of()));
        }
        assertTrue(writer.isAlive() && reader.isAlive());
        assertEquals(10, Drain.of(handle, 0).besideReaders().to(directory.resolve("drained")).takenBytes());
    }

    @Test
    void endedProcessIsRefusedAlthoughAnotherOneHasItsPid() throws Exception {
        ProcessHandle ended = (ProcessHandle) Proxy.newProxyInstance(
                ProcessHandle.class.getClassLoader(), new Class<?>[] {ProcessHandle.class},
                (proxy, method, arguments) -> method.getName().equals("pid") ? (Object) reader.pid() : (Object) false);
        for (Checkpoint checkpoint : List.of(
                Checkpoint.ofProcess(ended), Checkpoint.ofProcess(ended, 0), Checkpoint.ofTree(ended),
                Checkpoint.ofProcesses(writer.toHandle(), ended).strict())) {
            StandpipeException e = assertThrows(StandpipeException.class, () -> checkpoint.writeTo(image()));
            assertEquals("process " + reader.pid() + ": it has ended", e.getMessage());
        }
    }

    @Test
    void childrenAreSavedWithTheirDescendantsAndWithoutThisProcess() throws Exception {
        Set<Long> family = Set.of(writer.pid(), reader.pid(), grandchild());
        for (Checkpoint checkpoint : List.of(
                Checkpoint.ofChildren(), Checkpoint.ofChildren().writingWhileFrozen(), Checkpoint.ofChildren().freezing(Freeze.NONE),
                Checkpoint.ofChildren().freezing(Freeze.STOP))) {
            Set<Long> saved = saved(checkpoint);
            assertTrue(saved.containsAll(family), () -> saved + " instead of " + family);
            assertTrue(!saved.contains(ProcessHandle.current().pid()), saved::toString);
        }
        assertTrue(writer.isAlive() && reader.isAlive());
    }

    /** What freezes is a child of this process too: taken for one of the application's, it would be frozen by another one, and so on. */
    @Test
    void childrenAreSavedWhereNothingComparesTables() throws Exception {
        List<String> command = new ArrayList<>(List.of("timeout", "--signal=KILL", "60"));
        command.addAll(RefusedCalls.in(directory).refusing("kcmp"));
        command.addAll(TestJvm.command(Parent.class, image().toString()));
        ChildRun run = ChildRun.of(command);
        assertEquals("1 process saved\n", run.output(), run::toString);
    }

    /** Has one child, and saves it. */
    static final class Parent {
        public static void main(String[] arguments) throws Exception {
            Process child = new ProcessBuilder("sleep", "1000").start();
            try {
                Checkpoint.ofChildren().writingWhileFrozen().writeTo(Path.of(arguments[0]));
                System.out.print(Restore.from(Path.of(arguments[0])).check().processes().size() + " process saved\n");
            } finally {
                child.destroyForcibly();
            }
        }
    }

    @Test
    void processWithoutChildrenIsRefusedAsSuch() throws Exception {
        TestJvm.run(List.of(), Childless.class, image().toString())
                .assertPrinted("this process has no children\n");
    }

    /** Has no children. */
    static final class Childless {
        public static void main(String[] arguments) {
            try {
                Checkpoint.ofChildren().writingWhileFrozen().writeTo(Path.of(arguments[0]));
            } catch (StandpipeException e) {
                System.out.print(e.getMessage().replaceFirst("process \\d+: ", "") + "\n");
            }
        }
    }

    private long grandchild() {
        return writer.descendants().findFirst().orElseThrow().pid();
    }

    private Path image() {
        return directory.resolve("app.ckpt");
    }

    /** Returns the pids that are in the image of a checkpoint. */
    private Set<Long> saved(Checkpoint checkpoint) throws StandpipeException {
        checkpoint.writeTo(image());
        Set<Long> pids = new TreeSet<>();
        Restore.from(image()).check().processes().forEach(process -> pids.add(process.pid()));
        return pids;
    }
}
