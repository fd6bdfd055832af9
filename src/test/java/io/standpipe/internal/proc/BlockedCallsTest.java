// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.proc;

import static org.junit.jupiter.api.Assertions.assertFalse;

import io.standpipe.testkit.Await;
import io.standpipe.testkit.CCode;
import io.standpipe.testkit.TestProcess;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlockedCallsTest {

    /** An empty pipe whose read end is fd 10, and a full one whose write end is fd 13. */
    private static final String PROGRAM = """
            #define _GNU_SOURCE
            #include <fcntl.h>
            #include <poll.h>
            #include <string.h>
            #include <sys/epoll.h>
            #include <sys/select.h>
            #include <sys/sendfile.h>
            #include <sys/syscall.h>
            #include <sys/uio.h>
            #include <unistd.h>
            static char bytes[65536];
            int main(int argc, char **argv) {
                int empty[2], full[2], spare[2], epoll;
                struct iovec iov = {bytes, sizeof bytes};
                struct pollfd read_end = {10, POLLIN}, write_end = {13, POLLOUT}, hang_up = {10, 0};
                fd_set reading, writing;
                struct epoll_event event = {EPOLLIN};
                struct timespec no_end = {1000000, 0};
                pipe(empty); pipe(full); pipe(spare);
                dup2(empty[0], 10); dup2(empty[1], 11); dup2(full[0], 12); dup2(full[1], 13);
                write(13, bytes, sizeof bytes);
                FD_ZERO(&reading); FD_SET(10, &reading); FD_ZERO(&writing); FD_SET(13, &writing);
                epoll = epoll_create1(0);
                epoll_ctl(epoll, EPOLL_CTL_ADD, 10, &event);
            #define ON(name, call) if (strcmp(argv[1], name) == 0) call
                ON("read", read(10, bytes, 1));
                ON("readv", readv(10, &iov, 1));
                ON("preadv2", preadv2(10, &iov, 1, -1, 0));
                ON("write", write(13, bytes, 1));
                ON("writev", writev(13, &iov, 1));
                ON("pwritev2", pwritev2(13, &iov, 1, -1, 0));
                ON("splice from", splice(10, 0, spare[1], 0, 1, 0));
                ON("splice to", splice(open("/proc/self/exe", O_RDONLY), 0, 13, 0, 1, 0));
                ON("tee from", tee(10, spare[1], 1, 0));
                ON("tee to", (write(spare[1], bytes, 1), tee(spare[0], 13, 1, 0)));
                ON("vmsplice from", vmsplice(10, &iov, 1, 0));
                ON("vmsplice to", vmsplice(13, &iov, 1, 0));
                ON("sendfile to", sendfile(13, open("/proc/self/exe", O_RDONLY), 0, 1));
                ON("poll from", poll(&read_end, 1, -1));
                ON("poll to", poll(&write_end, 1, -1));
                ON("poll from, for a hang-up", poll(&hang_up, 1, -1));
                ON("ppoll from", ppoll(&read_end, 1, 0, 0));
                ON("select from", select(14, &reading, 0, 0, 0));
                ON("select to", select(14, 0, &writing, 0, 0));
                ON("select, for an exception", select(14, 0, 0, &reading, 0));
                ON("pselect to", pselect(14, 0, &writing, 0, 0, 0));
                ON("epoll_wait from", epoll_wait(epoll, &event, 1, -1));
                ON("epoll_pwait2 from", syscall(441, epoll, &event, 1, &no_end, 0, 8));
                ON("none", poll(0, 0, -1));
            }
            """;

    private static String program;

    @BeforeAll
    static void compile(@TempDir Path directory) throws Exception {
        program = CCode.program(directory, PROGRAM).toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "read", "readv", "preadv2", "splice from", "tee from", "vmsplice from", "poll from", "poll from, for a hang-up",
        "ppoll from", "select from", "select, for an exception", "epoll_wait from", "epoll_pwait2 from"})
    void threadWaitsForBytes(String call) throws Exception {
        try (TestProcess process = TestProcess.of(List.of(program, call))) {
            Await.until("it waits for bytes", () -> BlockedCalls.of(process.pid()).awaitBytes(10, false));
            assertFalse(BlockedCalls.of(process.pid()).awaitRoom(13, false));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "write", "writev", "pwritev2", "splice to", "tee to", "vmsplice to", "sendfile to", "poll to", "select to", "pselect to"})
    void threadWaitsForRoom(String call) throws Exception {
        try (TestProcess process = TestProcess.of(List.of(program, call))) {
            Await.until("it waits for room", () -> BlockedCalls.of(process.pid()).awaitRoom(13, false));
            assertFalse(BlockedCalls.of(process.pid()).awaitBytes(10, false));
        }
    }

    @Test
    void threadThatWasStoppedStillWaits() throws Exception {
        try (TestProcess process = TestProcess.of(List.of(program, "poll to"))) {
            Await.until("it waits for room", () -> BlockedCalls.of(process.pid()).awaitRoom(13, true));
            signal("STOP", process.pid());
            Await.until("it is stopped", () -> process.state() == 'T');
            signal("CONT", process.pid());
            Await.until("it sleeps", () -> process.state() == 'S');
            Await.until("it waits for room", () -> BlockedCalls.of(process.pid()).awaitRoom(13, true));
        }
    }

    @Test
    void threadThatWaitsElsewhereDoesNotWait() throws Exception {
        try (TestProcess process = TestProcess.of(List.of(program, "none"))) {
            TestProcess.awaitQueued(process.pid(), 13, 65_536);
            Await.until("it sleeps", () -> process.state() == 'S');
            assertFalse(BlockedCalls.of(process.pid()).awaitBytes(10, false));
            assertFalse(BlockedCalls.of(process.pid()).awaitRoom(13, false));
        }
    }

    @Test
    void pollAndVmspliceAloneWaitAtNonBlockingFds() throws Exception {
        try (TestProcess reader = TestProcess.of(List.of(program, "read"));
                TestProcess poller = TestProcess.of(List.of(program, "poll from"));
                TestProcess splicer = TestProcess.of(List.of(program, "vmsplice from"))) {
            Await.until("all wait", () -> BlockedCalls.of(reader.pid()).awaitBytes(10, false)
                    && BlockedCalls.of(poller.pid()).awaitBytes(10, true)
                    && BlockedCalls.of(splicer.pid()).awaitBytes(10, true));
            assertFalse(BlockedCalls.of(reader.pid()).awaitBytes(10, true));
        }
    }

    private static void signal(String name, int pid) throws Exception {
        new ProcessBuilder("kill", "-" + name, Integer.toString(pid)).start().waitFor();
    }
}
