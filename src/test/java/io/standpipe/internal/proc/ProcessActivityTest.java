// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.proc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.LiveActivity;
import io.standpipe.LiveActivity.Kind;
import io.standpipe.internal.sys.Flags;
import io.standpipe.testkit.Await;
import io.standpipe.testkit.CCode;
import io.standpipe.testkit.Kernel;
import io.standpipe.testkit.TestProcess;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProcessActivityTest {

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

    private static LiveActivity atRead(TestProcess process, int flags) throws Exception {
        return at(process, new ProcessActivity.End(10, Flags.O_RDONLY | flags, 0, false));
    }

    private static LiveActivity atWrite(TestProcess process, int flags) throws Exception {
        return at(process, new ProcessActivity.End(13, Flags.O_WRONLY | flags, 65_536, true));
    }

    private static LiveActivity at(TestProcess process, ProcessActivity.End end) throws Exception {
        return ProcessActivity.of(ProcessStatus.of(process.pid())).at(end);
    }

    private static TestProcess start(String call) throws Exception {
        return TestProcess.of(List.of(program, call));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "read", "readv", "preadv2", "splice from", "tee from", "vmsplice from", "poll from", "poll from, for a hang-up",
        "ppoll from", "select from", "select, for an exception", "epoll_wait from", "epoll_pwait2 from"})
    void threadWaitsForBytes(String call) throws Exception {
        if (call.startsWith("epoll_pwait2")) {
            Kernel.assumeAtLeast(5, 11, "epoll_pwait2");
        }
        try (TestProcess process = start(call)) {
            Await.until("it waits for bytes", () -> atRead(process, 0).kind() == Kind.WAITS_FOR_BYTES);
            assertEquals(Kind.WAITS_ELSEWHERE, atWrite(process, 0).kind());
            LiveActivity activity = atRead(process, 0);
            String name = String.valueOf(activity.call()).replace("pselect6", "select").replace("ppoll", "poll");
            assertTrue(call.replace("ppoll", "poll").startsWith(name), activity.toString());
            assertEquals(call.startsWith("epoll"), activity.epoll().isPresent(), activity.toString());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "write", "writev", "pwritev2", "splice to", "tee to", "vmsplice to", "sendfile to", "poll to", "select to", "pselect to"})
    void threadWaitsForRoom(String call) throws Exception {
        try (TestProcess process = start(call)) {
            Await.until("it waits for room", () -> atWrite(process, 0).kind() == Kind.WAITS_FOR_ROOM);
            assertEquals(Kind.WAITS_ELSEWHERE, atRead(process, 0).kind());
        }
    }

    @Test
    void threadThatWasStoppedWaitsAgain() throws Exception {
        try (TestProcess process = start("poll to")) {
            Await.until("it waits for room", () -> atWrite(process, Flags.O_NONBLOCK).kind() == Kind.WAITS_FOR_ROOM);
            signal("STOP", process.pid());
            Await.until("it is stopped", () -> atWrite(process, Flags.O_NONBLOCK).kind() == Kind.STOPPED);
            signal("CONT", process.pid());
            Await.until("it waits for room", () -> atWrite(process, Flags.O_NONBLOCK).kind() == Kind.WAITS_FOR_ROOM);
        }
    }

    @Test
    void threadThatWaitsElsewhereDoesNotWait() throws Exception {
        try (TestProcess process = start("none")) {
            Await.until("it waits elsewhere", () -> atRead(process, 0).kind() == Kind.WAITS_ELSEWHERE);
            assertEquals("waits elsewhere: poll of no descriptor", atWrite(process, 0).toString());
        }
    }

    @Test
    void pollAndVmspliceAloneWaitAtNonBlockingFds() throws Exception {
        try (TestProcess reader = start("read"); TestProcess poller = start("poll from"); TestProcess splicer = start("vmsplice from")) {
            Await.until("all wait", () -> atRead(reader, 0).kind() == Kind.WAITS_FOR_BYTES
                    && atRead(poller, Flags.O_NONBLOCK).kind() == Kind.WAITS_FOR_BYTES
                    && atRead(splicer, Flags.O_NONBLOCK).kind() == Kind.WAITS_FOR_BYTES);
            assertEquals(Kind.WAITS_ELSEWHERE, atRead(reader, Flags.O_NONBLOCK).kind());
        }
    }

    private static void signal(String name, int pid) throws Exception {
        new ProcessBuilder("kill", "-" + name, Integer.toString(pid)).start().waitFor();
    }
}
