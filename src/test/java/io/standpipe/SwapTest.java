// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.testkit.Await;
import io.standpipe.testkit.CCode;
import io.standpipe.testkit.ChildRun;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.Host;
import io.standpipe.testkit.TestProcess;
import io.standpipe.testkit.Thorough;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(DescriptorLeakCheck.class)
class SwapTest {

    private static final List<String> GREP = List.of("grep", "--line-buffered", ".");
    /** Prints each line with a mark, and says where it is, in which environment and with which umask. */
    private static final String SAY = "while read l; do echo new $l; done";

    @TempDir
    Path directory;

    private final List<String> notes = new ArrayList<>();

    @BeforeEach
    void otherProcessesCanBeSaved() {
        Host.assumeUnrelatedProcessesCanBeSaved();
    }

    private Swap swap(int pid, String... command) {
        return Swap.of(pid, List.of(command)).reporting(notes::add);
    }

    private static StartedCommand start(Swap swap) throws StandpipeException {
        return swap.start(Set.of()).get(0);
    }

    /** A shell between two cats. The JDK would close and drain the pipes of a child of this JVM that ends. */
    private static final class Middle implements AutoCloseable {

        private final TestProcess pipeline;
        private final int pid;

        /** @param script which prints a line "ready" */
        Middle(String script) throws IOException {
            pipeline = TestProcess.of(List.of("bash", "-c", "cat | sh -c \"$0\" | cat", script)).awaitOutput("ready");
            pid = pipeline.awaitDescendant("sh");
        }

        int pid() {
            return pid;
        }

        char state() throws IOException {
            return TestProcess.state(pid);
        }

        Middle feed(byte[] bytes) throws IOException {
            pipeline.feed(bytes);
            return this;
        }

        Middle awaitOutput(String line) throws IOException {
            pipeline.awaitOutput(line);
            return this;
        }

        @Override
        public void close() throws IOException {
            pipeline.close();
        }
    }

    /** One that copies lines with a mark, and waits for input. */
    private static Middle reader(String trap) throws IOException {
        Middle reader = new Middle(trap + "echo ready; while read l; do echo old $l; done");
        return reader.feed(bytes("1\n")).awaitOutput("old 1");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static boolean isAlive(int pid) throws IOException {
        return Files.exists(Path.of("/proc/" + pid)) && TestProcess.state(pid) != 'Z';
    }

    private static Set<ProcessHandle> holders() {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info().arguments().map(List::of).orElse(List.of()).stream().anyMatch(a -> a.startsWith("ends of ")))
                .collect(Collectors.toSet());
    }

    private static void awaitNoHolderOf(int pid) {
        Await.until("nobody holds ends of " + pid, () -> holders().stream().noneMatch(holder -> isOf(holder, pid)));
    }

    private static boolean isOf(ProcessHandle holder, int pid) {
        return holder.info().arguments().map(arguments -> arguments[0].startsWith("ends of process " + pid + " ")).orElse(false);
    }

    /** @param pause between bursts of lines; none, and there is always more than is read */
    @ParameterizedTest
    @ValueSource(strings = {"", "sleep 0.001"})
    void everyLineComesOutOnceThroughTenSwaps(String pause) throws Exception {
        for (int round = 0; round < Integer.getInteger("standpipe.swap.rounds", Thorough.rounds(1, 5)); round++) {
            Path out = directory.resolve("out" + round);
            Path last = directory.resolve("last" + round);
            String producer = "i=0; until [ -e " + last + " ]; do seq $((i * 1000 + 1)) $((i * 1000 + 1000)); i=$((i + 1)); " + pause
                    + "\ndone; echo $((i * 1000)) > " + last;
            try (TestProcess pipeline = TestProcess.shellWithoutPipes(
                    "(" + producer + ") | grep --line-buffered . | cat > " + out + "; exec sleep 1000")) {
                int pid = pipeline.awaitDescendant("grep");
                List<StartedCommand> started = new ArrayList<>();
                for (int i = 0; i < 10; i++) {
                    started.add(start(Swap.of(pid, GREP).awaitingInput(Duration.ofSeconds(20)).reporting(notes::add)));
                    pid = (int) started.get(i).pid();
                }
                Files.createFile(last);
                for (int i = 0; i < 9; i++) {
                    assertEquals(OptionalInt.of(15), started.get(i).waitFor().signal());
                }
                assertEquals(0, started.get(9).waitFor().exitStatus());
                pipeline.awaitBecome("sleep");
            }
            ChildRun same = ChildRun.of(List.of("bash", "-c", "seq 1 $(cat " + last + ") | cmp - " + out));
            assertEquals(0, same.exitStatus(), () -> same + ", " + notes);
        }
        assertEquals(List.of(), notes.stream().filter(note -> note.contains("not seen waiting") || note.contains("middle of a line")).toList());
    }

    @Test
    void commandHasTheSameDescriptionsAtTheSameNumbers() throws Exception {
        Path fifo = directory.resolve("fifo");
        try (Middle old = new Middle("mkfifo " + fifo + "; exec 5<>" + fifo + " 7<&0 9</dev/null; echo ready; read l")) {
            String[] before = links(old.pid());
            StartedCommand command = start(swap(old.pid(), "sleep", "1000").detached());
            String[] after = links(command.pid());
            for (int fd : new int[] {0, 1, 2, 5, 7}) {
                assertEquals(before[fd], after[fd]);
            }
            assertEquals("", after[9], "a file is not handed over");
            try (LiveEnds ends = LiveEnds.ofProcess(command.pid())) {
                assertEquals(Set.of(0, 1, 2, 5, 7), ends.numbers());
            }
            command.kill();
        }
    }

    private static String[] links(long pid) throws IOException {
        String[] links = new String[10];
        for (int fd = 0; fd < links.length; fd++) {
            Path link = Path.of("/proc/" + pid + "/fd/" + fd);
            links[fd] = Files.isSymbolicLink(link) ? Files.readSymbolicLink(link).toString() : "";
        }
        return links;
    }

    @Test
    void absentCommandLeavesEverythingAsItWas() throws Exception {
        try (Middle old = reader("")) {
            CommandException e = assertThrows(CommandException.class, () -> start(swap(old.pid(), "absent-command")));
            assertEquals(CommandException.NOT_FOUND, e.exitStatus());
            old.feed(bytes("2\n")).awaitOutput("old 2");
            assertEquals(List.of(), notes);
            awaitNoHolderOf(old.pid());
        }
    }

    @Test
    void commandThatFailsToExecuteLeavesTheEndsHeld() throws Exception {
        try (Middle old = reader("")) {
            StandpipeException e = assertThrows(CommandException.class, () -> start(swap(old.pid(), unusable())));
            assertTrue(e.getMessage().contains("too long"), e::getMessage);
            Await.until("the old one has ended", () -> !isAlive(old.pid()));
            old.feed(bytes("2\n"));
            ProcessHandle holder = holders().stream().filter(each -> isOf(each, old.pid())).findFirst().orElseThrow();
            assertTrue(notes.get(notes.size() - 1).contains("held by process " + holder.pid()), notes::toString);

            StartedCommand command = start(swap((int) holder.pid(), "sh", "-c", SAY));
            old.awaitOutput("new 2");
            Await.until("the holder has ended", () -> !holder.isAlive());
            command.kill();
        }
    }

    /** A command with an argument that is too long, which nobody knows before it is executed. */
    private static String[] unusable() {
        return new String[] {"echo", "x".repeat(200_000)};
    }

    @Test
    void scriptWithoutItsInterpreterIsRefusedBeforehand() throws Exception {
        Path script = directory.resolve("script");
        Files.writeString(script, "#!/absent/interpreter -x\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        try (Middle old = reader("")) {
            CommandException e = assertThrows(CommandException.class, () -> start(swap(old.pid(), script.toString())));
            assertTrue(e.getMessage().contains("/absent/interpreter"), e::getMessage);
            old.feed(bytes("2\n")).awaitOutput("old 2");
        }
    }

    @Test
    void childOfALoopIsNoOtherReader() throws Exception {
        try (Middle old = new Middle("echo ready; while read l; do sleep 0.02; echo old $l; done")) {
            for (int i = 0; i < 200; i++) {
                old.feed(bytes(i + "\n"));
            }
            StartedCommand command = start(swap(old.pid(), "sh", "-c", "sleep 1000; :"));
            assertEquals(List.of(), notes.stream().filter(note -> note.contains("another reader")).toList());
            command.kill();
        }
    }

    @Test
    void processThatIgnoresTheSignalIsKilledAfterTheGrace() throws Exception {
        try (Middle old = reader("trap '' TERM; ")) {
            StartedCommand command = start(swap(old.pid(), "sh", "-c", SAY).grace(Duration.ofMillis(100)));
            assertFalse(isAlive(old.pid()));
            old.feed(bytes("2\n")).awaitOutput("new 2");
            assertTrue(notes.stream().anyMatch(note -> note.contains("is killed")), notes::toString);
            command.kill();
        }
    }

    @Test
    void processThatFinishesOnTheSignalDoesSoFirst() throws Exception {
        try (Middle old = reader("trap 'echo bye; exit' TERM; ")) {
            StartedCommand command = start(swap(old.pid(), "sh", "-c", SAY));
            old.feed(bytes("2\n")).awaitOutput("bye").awaitOutput("new 2");
            command.kill();
        }
    }

    @Test
    void stoppedProcessIsReplacedToo() throws Exception {
        try (Middle old = reader("")) {
            stop(old.pid());
            old.feed(bytes("2\n"));
            StartedCommand command = start(swap(old.pid(), "sh", "-c", SAY));
            old.awaitOutput("new 2");
            command.kill();
        }
    }

    private static void stop(int pid) throws Exception {
        new ProcessBuilder("kill", "-STOP", Integer.toString(pid)).start().waitFor();
        Await.until("it is stopped", () -> TestProcess.state(pid) == 'T');
    }

    @Test
    void processCanBeKeptStopped() throws Exception {
        try (Middle old = reader("")) {
            StartedCommand command = start(swap(old.pid(), "sh", "-c", SAY).signalling(19));
            old.feed(bytes("2\n")).awaitOutput("new 2");
            assertEquals('T', old.state());
            command.kill();
        }
    }

    @Test
    void keptProcessGoesOnIfTheCommandFails() throws Exception {
        try (Middle old = reader("")) {
            assertThrows(CommandException.class, () -> start(swap(old.pid(), unusable()).signalling(19)));
            old.feed(bytes("2\n")).awaitOutput("old 2");
            awaitNoHolderOf(old.pid());
        }
    }

    @Test
    void anotherReaderIsRefusedUnlessItIsAllowed() throws Exception {
        try (Middle old = new Middle("exec 3<&0; sleep 1000 <&3 3<&- & exec 3<&-; echo ready; while read l; do echo old $l; done")) {
            int other = old.pipeline.awaitDescendant("sleep");
            StandpipeException e = assertThrows(StandpipeException.class, () -> start(swap(old.pid(), "sh", "-c", SAY)));
            assertTrue(e.getMessage().contains("process " + other + " (sleep), descriptor 0"), e::getMessage);
            awaitNoHolderOf(old.pid());
            old.feed(bytes("2\n")).awaitOutput("old 2");

            StartedCommand command = start(swap(old.pid(), "sh", "-c", SAY).besideReaders());
            old.feed(bytes("3\n")).awaitOutput("new 3");
            command.kill();
            ProcessHandle.of(other).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    @Test
    void secondSwapOfTheSameProcessIsRefused() throws Exception {
        try (Middle old = reader("trap '' TERM; ")) {
            List<StartedCommand> started = new ArrayList<>();
            Thread first = new Thread(() -> {
                try {
                    started.add(start(swap(old.pid(), "sh", "-c", SAY).grace(Duration.ofSeconds(5))));
                } catch (StandpipeException e) {
                    throw new AssertionError(e);
                }
            });
            first.start();
            Await.until("the first has a holder", () -> holders().stream().anyMatch(holder -> isOf(holder, old.pid())));
            StandpipeException e = assertThrows(StandpipeException.class, () -> start(Swap.of(old.pid(), List.of("cat"))));
            assertTrue(e.getMessage().contains("somebody else is about to replace it"), e::getMessage);
            first.join();
            old.feed(bytes("2\n")).awaitOutput("new 2");
            started.get(0).kill();
        }
    }

    @Test
    void commandIsInThePlaceAsItWas() throws Exception {
        try (Middle old = new Middle("cd /usr; umask 057; exec env OWN='a b' sh -c 'echo ready; while read l; do echo old $l; done'")) {
            StartedCommand command = start(swap(old.pid(), "sh", "-c", "pwd; umask; echo $OWN").asItWas());
            old.awaitOutput("/usr").awaitOutput("0057").awaitOutput("a b");
            assertEquals(0, command.waitFor().exitStatus());
        }
    }

    @Test
    void commandHasTheUserThatItWas() throws Exception {
        Host.assumeRoot();
        Host.assumeTool("setpriv");
        try (Middle old = new Middle("exec setpriv --reuid 65534 --regid 65533 --groups 7,9 sh -c 'echo ready; read l'")) {
            StartedCommand command = start(swap(old.pid(), "sh", "-c", "id -u; id -g; id -G").asItWas());
            old.awaitOutput("65534").awaitOutput("65533").awaitOutput("65533 7 9");
            assertEquals(0, command.waitFor().exitStatus());
        }
    }

    @Test
    void filesGoAlongWithTheirOffset() throws Exception {
        Path file = directory.resolve("file");
        Files.writeString(file, "ready\nsecond\n");
        try (Middle old = new Middle("exec 4<" + file + "; head -c 6 <&4; read l")) {
            StartedCommand command = start(swap(old.pid(), "sh", "-c", "cat <&4").alsoFiles());
            old.awaitOutput("second");
            command.waitFor();
        }
    }

    /** It traces itself by a child, so that nobody else can, writes in bursts, and pauses between them. */
    private static final String TRACED_WRITER = """
            #include <sys/prctl.h>
            #include <sys/ptrace.h>
            #include <unistd.h>
            int main(void)
            {
                int ready[2];
                char byte;
                pipe(ready);
                prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY, 0, 0, 0);
                if (fork() == 0) {
                    close(1);
                    ptrace(PTRACE_SEIZE, getppid(), 0, 0);
                    write(ready[1], "r", 1);
                    close(ready[1]);
                    for (;;) sleep(1000);
                }
                read(ready[0], &byte, 1);
                for (;;) {
                    for (int i = 0; i < 10000; i++) write(1, "a line\\n", 7);
                    usleep(300000);
                }
            }
            """;

    @Test
    void writersThatCannotBeFrozenAreWaitedFor() throws Exception {
        Path out = directory.resolve("out");
        Path writer = CCode.program(directory, TRACED_WRITER);
        try (TestProcess pipeline = TestProcess.shellWithoutPipes(
                writer + " | grep --line-buffered . | cat > " + out + "; exec sleep 1000")) {
            int grep = pipeline.awaitDescendant("grep");
            Await.until("it writes", () -> Files.size(out) > 1000);
            StartedCommand command = start(Swap.of(grep, GREP).awaitingInput(Duration.ofSeconds(20)).reporting(notes::add));
            assertTrue(notes.get(0).contains("waited for input when it got signal 15; what"), notes::toString);
            command.kill();
        }
    }

    @Test
    void severalAreReplacedAtOnce() throws Exception {
        try (TestProcess pipeline = TestProcess.shell("cat | grep --line-buffered . | sed -u s/^/old/ | cat; exec sleep 1000")) {
            int grep = pipeline.awaitDescendant("grep");
            int sed = pipeline.awaitDescendant("sed");
            pipeline.feed(bytes("1\n")).awaitOutput("old1");
            List<StartedCommand> started = swap(grep, "sed", "-u", "s/^/first/").and(sed, List.of("sed", "-u", "s/^/second/"))
                    .start(Set.of());
            assertEquals(List.of((long) grep, (long) sed), started.stream().map(StartedCommand::savedPid).toList());
            pipeline.feed(bytes("2\n")).awaitOutput("secondfirst2");
            started.forEach(StartedCommand::kill);
        }
    }

    @Test
    void whatCannotBeReplacedIsRefusedWithTheReason() throws Exception {
        assertRefused("is this one", IllegalArgumentException.class, (int) ProcessHandle.current().pid());
        assertRefused("there is no such process", StandpipeException.class, Integer.MAX_VALUE);
        try (TestProcess none = TestProcess.shellWithoutPipes("exec sleep 1000").awaitBecome("sleep")) {
            assertRefused("holds no pipe", StandpipeException.class, none.pid());
        }
        try (Middle old = new Middle("exec 4</dev/null; echo ready; read l")) {
            StandpipeException e = assertThrows(
                    StandpipeException.class, () -> start(swap(old.pid(), "cat").onlyDescriptors(old.pid(), 4)));
            assertTrue(e.getMessage().contains("expected a pipe or FIFO"), e::getMessage);
            e = assertThrows(StandpipeException.class, () -> start(swap(old.pid(), "cat").onlyDescriptors(old.pid(), 8)));
            assertTrue(e.getMessage().contains("is not open"), e::getMessage);
            assertTrue(isAlive(old.pid()));
        }
    }

    private void assertRefused(String reason, Class<? extends Exception> type, int pid) {
        Exception e = assertThrows(type, () -> start(swap(pid, "cat")));
        assertTrue(e.getMessage().contains(reason), e::getMessage);
    }
}
