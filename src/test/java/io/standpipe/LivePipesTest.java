// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.LiveActivity.Kind;
import io.standpipe.LivePipe.State;
import io.standpipe.internal.freeze.TestCgroup;
import io.standpipe.testkit.Alone;
import io.standpipe.testkit.Await;
import io.standpipe.testkit.CCode;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.Host;
import io.standpipe.testkit.TestProcess;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Why a pipe is stuck, and that it is not called stuck otherwise. */
@Alone("it has copies of all ends on the machine for a moment, which others would take for holders")
@ExtendWith(DescriptorLeakCheck.class)
class LivePipesTest {

    /** Does what its argument says, and never reads its standard input to the end. Fds 10 and 11 are an empty pipe. */
    private static final String PROGRAM = """
            #define _GNU_SOURCE
            #include <fcntl.h>
            #include <linux/futex.h>
            #include <poll.h>
            #include <pthread.h>
            #include <signal.h>
            #include <string.h>
            #include <sys/epoll.h>
            #include <sys/prctl.h>
            #include <sys/ptrace.h>
            #include <sys/select.h>
            #include <sys/socket.h>
            #include <sys/syscall.h>
            #include <sys/wait.h>
            #include <time.h>
            #include <unistd.h>
            static char bytes[65536];
            static void *read_input(void *none) { read(0, bytes, 1); return 0; }
            static void *spin(void *none) { for (;;) ; }
            int main(int argc, char **argv) {
                int ends[2], epoll = 12;
                unsigned word = 0;
                sigset_t none;
                fd_set other;
                pthread_t thread;
                struct pollfd both[2] = {{10, POLLIN}, {1, POLLERR}};
                struct epoll_event event = {EPOLLIN};
                struct timespec long_time = {1000000, 0};
                pipe(ends); dup2(ends[0], 10); dup2(ends[1], 11); close(ends[0]); close(ends[1]);
                sigemptyset(&none); FD_ZERO(&other); FD_SET(10, &other);
                dup2(epoll_create1(0), epoll);
            #define ON(name) if (strcmp(argv[1], name) == 0)
                ON("futex") syscall(SYS_futex, &word, FUTEX_WAIT, 0, 0, 0, 0);
                ON("sleep") clock_nanosleep(CLOCK_MONOTONIC, 0, &long_time, 0);
                ON("signal") sigsuspend(&none);
                ON("child") { if (fork() == 0) for (;;) sleep(1000); syscall(SYS_wait4, -1, 0, 0, 0); }
                ON("poll") ppoll(both, 2, 0, 0);
                ON("select") pselect(11, &other, 0, 0, 0, 0);
                ON("epoll") { epoll_ctl(epoll, EPOLL_CTL_ADD, 10, &event); epoll_pwait(epoll, &event, 1, -1, &none); }
                ON("edge") {
                    event.events |= EPOLLET;
                    epoll_ctl(epoll, EPOLL_CTL_ADD, 0, &event);
                    while (fcntl(0, F_GETPIPE_SZ) != 65536 || epoll_pwait(epoll, &event, 1, -1, &none) > 0) ;
                }
                ON("read") read(10, bytes, 1);
                ON("socket") { socketpair(AF_UNIX, SOCK_STREAM, 0, ends); dup2(ends[0], 13); recv(13, bytes, 1, 0); }
                ON("stop") raise(SIGSTOP);
                ON("trace") {
                    prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY, 0, 0, 0);
                    if (fork() == 0) {
                        close(0);
                        ptrace(PTRACE_SEIZE, getppid(), 0, 0); ptrace(PTRACE_INTERRUPT, getppid(), 0, 0);
                        for (;;) sleep(1000);
                    }
                }
                ON("run") for (;;) ;
                ON("slow") for (;;) { read(0, bytes, 4096); usleep(1000); }
                ON("splice") while (splice(0, 0, 1, 0, 4096, 0) > 0) ;
                ON("input") read(0, bytes, 1);
                ON("thread at input") pthread_create(&thread, 0, read_input, 0);
                ON("running thread") pthread_create(&thread, 0, spin, 0);
                ON("select for room") {
                    fcntl(1, F_SETFL, O_NONBLOCK);
                    while (write(1, bytes, 4096) > 0) ;
                    FD_ZERO(&other); FD_SET(1, &other); pselect(2, 0, &other, 0, 0, 0);
                }
                ON("poll for room") {
                    fcntl(1, F_SETFL, O_NONBLOCK);
                    while (write(1, bytes, 4096) > 0) ;
                    both[1].events = POLLOUT; ppoll(both + 1, 1, 0, 0);
                }
                ON("epoll for room") {
                    fcntl(1, F_SETFL, O_NONBLOCK);
                    while (write(1, bytes, 4096) > 0) ;
                    event.events = EPOLLIN | EPOLLOUT | EPOLLET;
                    epoll_ctl(epoll, EPOLL_CTL_ADD, 1, &event);
                    while (epoll_pwait(epoll, &event, 1, -1, &none) > 0) ;
                }
                ON("epoll with room") {
                    event.events = EPOLLIN | EPOLLOUT | EPOLLET;
                    epoll_ctl(epoll, EPOLL_CTL_ADD, 1, &event);
                    while (epoll_pwait(epoll, &event, 1, -1, &none) > 0) ;
                }
                for (;;) sleep(1000);
            }
            """;

    @TempDir
    static Path programs;

    private static String program;

    @TempDir
    Path directory;

    @BeforeAll
    static void compile() throws Exception {
        program = CCode.program(programs, PROGRAM).toString();
    }

    @BeforeEach
    void otherProcessesCanBeLookedAt() {
        Host.assumeUnrelatedProcessesCanBeSaved();
    }

    /** Starts a pipeline from a writer that fills the pipe and sleeps to the program. */
    private static TestProcess full(String what) throws Exception {
        return TestProcess.shellWithoutPipes("{ head -c 65536 /dev/zero; exec sleep 1001; } | exec '" + program + "' '" + what + "'");
    }

    private static TestProcess pipeline(String writer, String reader) throws Exception {
        return TestProcess.shellWithoutPipes(
                (writer + " | " + reader).replace("program ", "exec '" + program + "' "));
    }

    /** Returns the pipe that a process holds at an fd. */
    private static LivePipe pipe(int pid, int fd) throws Exception {
        return LivePipes.find().of(pid).stream()
                .filter(pipe -> pipe.holders().stream().anyMatch(holder -> holder.pid() == pid && holder.fd() == fd))
                .findFirst().orElseThrow();
    }

    @Test
    void pipesOfSomeProcessesAreThoseOfAllThatTheyHold() throws Exception {
        try (TestProcess wanted = full("sleep"); TestProcess other = full("sleep")) {
            int pid = wanted.awaitDescendant("program");
            awaitState(pid, 0, State.FULL_AND_NOT_READ);
            awaitState(other.awaitDescendant("program"), 0, State.FULL_AND_NOT_READ);
            assertEquals(LivePipes.find().of(pid), LivePipes.ofProcesses(pid).all());
            assertThrows(StandpipeException.class, () -> LivePipes.ofProcesses(Integer.MAX_VALUE));
        }
    }

    private static LivePipe awaitState(int pid, int fd, State state) {
        return Await.result("the pipe is " + state.name(), () -> pipe(pid, fd), pipe -> pipe.state() == state);
    }

    private static LivePipe.Holder holder(LivePipe pipe, int pid) {
        return pipe.holders().stream().filter(holder -> holder.pid() == pid).findFirst().orElseThrow();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            futex  | a lock or another thread (futex)
            sleep  | a timer (clock_nanosleep)
            signal | a signal (rt_sigsuspend)
            child  | the end of a child (wait4)
            poll   | ppoll of descriptors 1 (/dev/null), 10 (pipe
            select | pselect6 of descriptor 10 (pipe
            epoll  | epoll_pwait of epoll descriptor 12, which watches descriptor 10 (pipe
            edge   | epoll_pwait, which reports this pipe only when something changes (edge-triggered)
            read   | read of descriptor 10 (pipe
            socket | recvfrom of descriptor 13 (socket
            """)
    void fullPipeWhoseReaderWaitsElsewhereIsStuck(String what, String where) throws Exception {
        try (TestProcess shell = full(what)) {
            int reader = shell.awaitDescendant("program");
            Await.until("it waits for " + where, () -> {
                LivePipe pipe = pipe(reader, 0);
                return pipe.state() == State.FULL_AND_NOT_READ && pipe.isStuck()
                        && pipe.explanation().startsWith("full, and nobody takes from it: reader program (process " + reader
                                + ") waits elsewhere: " + where);
            });
        }
    }

    @ParameterizedTest
    @CsvSource({"stop, STOPPED, is stopped", "trace, TRACED, is stopped by its tracer"})
    void fullPipeWhoseReaderIsHaltedIsStuck(String what, Kind kind, String said) throws Exception {
        try (TestProcess shell = full(what)) {
            int reader = shell.awaitDescendant("program");
            Await.until("it is stopped", () -> holder(pipe(reader, 0), reader).activity().kind() == kind);
            LivePipe pipe = awaitState(reader, 0, State.FULL_AND_NOT_READ);
            assertTrue(pipe.explanation().endsWith(": reader program (process " + reader + ") " + said), pipe.explanation());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void fullPipeWhoseReaderIsFrozenIsStuck(boolean isV2) throws Exception {
        try (TestCgroup cgroup = TestCgroup.make(isV2); TestProcess shell = full("sleep")) {
            int reader = shell.awaitDescendant("program");
            cgroup.add(reader);
            cgroup.freeze();
            try {
                Await.until("it is frozen", () -> holder(pipe(reader, 0), reader).activity().kind() == Kind.FROZEN);
                LivePipe pipe = awaitState(reader, 0, State.FULL_AND_NOT_READ);
                assertTrue(pipe.explanation().endsWith(": reader program (process " + reader + ") is frozen"), pipe.explanation());
                assertEquals("/standpipe-test-" + ProcessHandle.current().pid(), holder(pipe, reader).process().cgroup());
            } finally {
                cgroup.thaw();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"run", "running thread"})
    void fullPipeWhoseReaderRunsIsNotStuck(String what) throws Exception {
        try (TestProcess shell = full(what)) {
            int reader = shell.awaitDescendant("program");
            LivePipe pipe = awaitState(reader, 0, State.FULL);
            assertFalse(pipe.isStuck());
            assertEquals(Kind.RUNS, holder(pipe, reader).activity().kind());
        }
    }

    /** A look may come while all readers wait for their turn, but not each time. */
    @ParameterizedTest
    @ValueSource(strings = {"slow", "splice"})
    void fullPipeWhoseReaderGoesOnReadingIsNotStuck(String what) throws Exception {
        try (TestProcess shell = pipeline("yes", what.equals("slow") ? "program slow" : "program splice | program slow")) {
            int writer = shell.awaitDescendant("yes");
            awaitState(writer, 1, State.FULL);
            int stuck = 0;
            for (int i = 0; i < 20; i++) {
                stuck += pipe(writer, 1).isStuck() ? 1 : 0;
            }
            assertTrue(stuck < 10, "stuck in " + stuck + " of 20 looks");
        }
    }

    @ParameterizedTest
    @CsvSource({"select for room, pselect6, -1", "poll for room, ppoll, -1", "epoll for room, epoll_pwait, 12"})
    void writerThatDoesNotBlockWaitsForRoom(String what, String call, int epoll) throws Exception {
        try (TestProcess shell = pipeline("program '" + what + "'", "exec sleep 1000")) {
            int writer = shell.awaitDescendant("program");
            LivePipe pipe = awaitState(writer, 1, State.FULL_AND_NOT_READ);
            Await.until("it waits", () -> holder(pipe(writer, 1), writer).activity().equals(
                    new LiveActivity(Kind.WAITS_FOR_ROOM, writer, call, epoll < 0 ? OptionalInt.empty() : OptionalInt.of(epoll), null)));
            assertEquals("sleep", pipe.readers().get(0).process().name());
        }
    }

    @Test
    void processWaitsAtEachDuplicateOfItsEnd() throws Exception {
        try (TestProcess shell = pipeline("exec yes 2>&1", "exec sleep 1000")) {
            int writer = shell.awaitDescendant("yes");
            Await.result(
                    "it waits at both", () -> pipe(writer, 2).holders().stream()
                            .filter(holder -> holder.pid() == writer)
                            .map(holder -> holder.fd() + " " + holder.activity())
                            .toList(),
                    List.of("1 waits for room in write", "2 waits for room in write")::equals);
        }
    }

    @Test
    void otherPipesOfAProcessThatWaitsInOpenSayWhichFileItOpens() throws Exception {
        Path fifo = directory.resolve("f");
        Host.run("mkfifo", fifo.toString());
        try (TestProcess shell = pipeline("exec sleep 1001", "{ cd '" + directory + "'; exec cat f -; }")) {
            int reader = shell.awaitDescendant("cat");
            Await.until("it waits", () -> holder(pipe(reader, 0), reader).activity().toString().matches(
                    "waits elsewhere: open(at)? of " + fifo));
        }
    }

    @Test
    void writerThatWaitsForWhateverComesDoesNotWaitForRoomThatIsThere() throws Exception {
        try (TestProcess shell = pipeline("program 'epoll with room'", "exec sleep 1000")) {
            int writer = shell.awaitDescendant("program");
            Await.until("it waits elsewhere", () -> holder(pipe(writer, 1), writer).activity().kind() == Kind.WAITS_ELSEWHERE);
            assertEquals(State.IDLE, pipe(writer, 1).state());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"input", "thread at input"})
    void emptyPipeIsStuckOnlyIfNoWriterGoesOn(String what) throws Exception {
        try (TestProcess shell = pipeline("exec sleep 1001", "program '" + what + "'")) {
            int writer = shell.awaitDescendant("sleep");
            int reader = shell.awaitDescendant("program");
            LivePipe pipe = awaitState(reader, 0, State.EMPTY);
            assertFalse(pipe.isStuck());
            LiveActivity activity = holder(pipe, reader).activity();
            assertEquals("waits for bytes in read", activity.toString());
            assertEquals(what.equals("input"), activity.thread() == reader);
            signal("STOP", writer);
            LivePipe starved = awaitState(reader, 0, State.STARVED);
            assertTrue(starved.isStuck());
            assertTrue(starved.explanation().endsWith(": writer sleep (process " + writer + ") is stopped"), starved.explanation());
        }
    }

    @Test
    void pipeWithRoomAndStoppedReaderIsHalted() throws Exception {
        try (TestProcess shell = pipeline("{ echo; exec sleep 1001; }", "program stop")) {
            int reader = shell.awaitDescendant("program");
            assertFalse(awaitState(reader, 0, State.HALTED).isStuck());
        }
    }

    @Test
    void pipeWithRoomAndRunningWriterFlows() throws Exception {
        try (TestProcess shell = pipeline("program run", "exec sleep 1000")) {
            assertFalse(awaitState(shell.awaitDescendant("program"), 1, State.FLOWING).isStuck());
        }
    }

    @ParameterizedTest
    @CsvSource({"exec cat <f, false", "exec cat f, false", "exec tee f </dev/null, true"})
    void fifoThatAProcessWaitsToOpenIsListed(String command, boolean writer) throws Exception {
        Host.run("mkfifo", directory.resolve("f").toString());
        try (TestProcess process = TestProcess.shellWithoutPipes("cd '" + directory + "'; " + command)) {
            LivePipe fifo = Await.result("it waits", () -> LivePipes.find().of(process.pid()), found -> !found.isEmpty()).get(0);
            assertEquals(directory.resolve("f").toString(), fifo.path());
            assertEquals(State.AWAITS_OTHER_END, fifo.state());
            assertTrue(fifo.isStuck());
            assertEquals(List.of(), fifo.holders());
            LivePipe.Opener opener = fifo.openers().get(0);
            assertEquals(process.pid() + " " + writer, opener.process().pid() + " " + opener.writer());
            assertEquals(Kind.WAITS_IN_OPEN, opener.activity().kind());
            String awaited = " waits for a " + (writer ? "reader" : "writer");
            assertTrue(fifo.explanation().endsWith("(process " + process.pid() + ")" + awaited), fifo.explanation());
        }
    }

    @Test
    void processesAreNamed() throws Exception {
        Host.assumeRoot();
        String script = "exec setpriv --reuid=61111 --regid=61111 --clear-groups sleep 1002";
        try (TestProcess shell = TestProcess.shellWithoutPipes("{ " + script + "; } | exec sleep 1000")) {
            int reader = shell.awaitDescendant("sleep");
            LivePipe pipe = Await.result(
                    "both sleep", () -> LivePipes.find().of(reader).get(0),
                    found -> found.holders().stream().allMatch(
                            holder -> holder.process().name().equals("sleep") && holder.process().state() == 'S'));
            assertEquals(
                    List.of("sleep 1000 root 0 S", "sleep 1002 61111 61111 S"),
                    pipe.holders().stream().map(LivePipe.Holder::process)
                            .map(named -> named.commandLine() + " " + named.user() + " " + named.uid().getAsLong() + " " + named.state())
                            .sorted().toList());
        }
    }

    private static void signal(String name, int pid) throws Exception {
        new ProcessBuilder("kill", "-" + name, Integer.toString(pid)).start().waitFor();
    }
}
