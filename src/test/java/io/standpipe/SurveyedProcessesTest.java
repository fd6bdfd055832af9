// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.bridge.DescriptorCalls;
import io.standpipe.bridge.Fd;
import io.standpipe.bridge.Flags;
import io.standpipe.bridge.ProcessCalls;
import io.standpipe.image.TreeRecord;
import io.standpipe.survey.Surveyor;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.Surveying;
import io.standpipe.testkit.TestPipe;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No change of the descriptors of a process that was surveyed stays unseen. */
@ExtendWith(DescriptorLeakCheck.class)
class SurveyedProcessesTest {

    private Process shell;
    private BufferedReader answers;

    /** A shell that does what it is told: its descriptors 0, 1 and 2 are pipes, and 5 is none. */
    @BeforeEach
    void start() throws Exception {
        Surveying.assumeAllowed();
        shell = new ProcessBuilder("sh", "-c", "exec 5</dev/null; while read line; do eval \"$line\"; echo done; done").start();
        answers = shell.inputReader();
        tell(":");
    }

    @AfterEach
    void end() throws IOException {
        if (shell != null) {
            shell.destroyForcibly().onExit().join();
            shell.getOutputStream().close();
            shell.getErrorStream().close();
            answers.close();
        }
    }

    private void tell(String line) throws IOException {
        shell.outputWriter().write(line + "\n");
        shell.outputWriter().flush();
        assertEquals("done", answers.readLine());
    }

    private interface Change {
        void make() throws IOException;
    }

    /** Whether the process is as it was when something has been done. */
    private boolean isAsItWas(Targets targets, Change change) throws Exception {
        try (Sources sources = targets.open(List.of((int) shell.pid()))) {
            Collector collected = new Collector();
            try (SurveyedProcesses surveyed = Surveying.with(true, () -> SurveyedProcesses.collect(sources, collected))) {
                assertNotNull(surveyed);
                assertTrue(surveyed.isAsItWas());
                change.make();
                return surveyed.isAsItWas();
            } finally {
                collected.close();
            }
        }
    }

    private Targets all() {
        return Targets.processes((int) shell.pid());
    }

    private Targets only(int... numbers) {
        return Targets.process((int) shell.pid(), numbers);
    }

    @Test
    void whatIsReadAndWrittenMeanwhileChangesNothing() throws Exception {
        assertTrue(isAsItWas(all(), () -> tell("echo more >&2")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"exec 7<&0", "exec 5<&0", "exec 2>&-", "exec 2>&1", "exec 2>/dev/null", "exec 2>&0"})
    void anotherTableIsSeen(String change) throws Exception {
        assertFalse(isAsItWas(all(), () -> tell(change)));
    }

    @Test
    void whatIsNoPipeMayChange() throws Exception {
        assertTrue(isAsItWas(all(), () -> tell("exec 5>&-; exec 6</dev/zero")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"exec 2>&-", "exec 2>&1", "exec 2>/dev/null"})
    void ofOneThatIsChosenItIsSeenToo(String change) throws Exception {
        assertFalse(isAsItWas(only(0, 2), () -> tell(change)));
    }

    @Test
    void ofOthersThanThoseChosenItDoesNotMatter() throws Exception {
        assertTrue(isAsItWas(only(0), () -> tell("exec 7<&0; exec 2>&-")));
    }

    @Test
    void otherFlagsOfADescriptionAreSeen() throws Exception {
        assertFalse(isAsItWas(all(), () -> {
            try (Fd process = ProcessCalls.pidfdOpen((int) shell.pid()); Fd copy = ProcessCalls.pidfdGetFd(process.number(), 2)) {
                DescriptorCalls.setStatusFlags(copy.number(), Flags.O_NONBLOCK);
            }
        }));
    }

    /** Between the survey and the copy the process has put another pipe at the number. */
    @Test
    void aCopyOfAnotherPipeIsNotTakenForIt() throws Exception {
        try (TestPipe other = TestPipe.create();
                ProcessDescriptors shells = ProcessDescriptors.open((int) shell.pid(), null, false);
                Sources sources = new Sources()) {
            sources.add(new Swapping(shells, other.r()));
            Collector collected = new Collector();
            assertNull(Surveying.with(true, () -> SurveyedProcesses.collect(sources, collected)));
            collected.close();
        }
    }

    /** Gives copies of one and the same descriptor, whatever it is asked for. */
    private record Swapping(ProcessDescriptors shells, int other) implements DescriptorSource {

        @Override
        public TreeRecord.Task task() throws StandpipeException {
            return shells.task();
        }

        @Override
        public int[] numbers() throws StandpipeException {
            return shells.numbers();
        }

        @Override
        public boolean isSelected() {
            return false;
        }

        @Override
        public boolean isOptional() {
            return false;
        }

        @Override
        public Fd copy(int number) throws IOException {
            return DescriptorCalls.duplicate(other);
        }

        @Override
        public boolean isCloseOnExec(int number) throws IOException {
            return shells.isCloseOnExec(number);
        }

        @Override
        public boolean isStill(int number, Fd copy) throws IOException {
            return shells.isStill(number, copy);
        }

        @Override
        public Surveyor surveyor() throws IOException {
            return shells.surveyor();
        }

        @Override
        public int count() throws IOException {
            return shells.count();
        }

        @Override
        public void close() {}
    }

    @Test
    void whatIsOutOfTheOrdinaryIsLeftToAsking() throws Exception {
        for (int[] numbers : List.of(new int[] {5}, new int[] {0, 5}, new int[] {0, 99})) {
            try (Sources sources = only(numbers).open(List.of((int) shell.pid()))) {
                Collector collected = new Collector();
                assertNull(Surveying.with(true, () -> SurveyedProcesses.collect(sources, collected)));
                collected.close();
            }
        }
    }
}
