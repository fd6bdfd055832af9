// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.standpipe.testkit.CCode;
import io.standpipe.testkit.ChildRun;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.Host;
import io.standpipe.testkit.TestProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Commands that look at a pipe open no end of it, which others would notice. */
@ExtendWith(DescriptorLeakCheck.class)
class BystanderTest {

    /** Prints how often a FIFO was opened, once a file appears beside it. */
    private static final String COUNTER = """
            #include <stdio.h>
            #include <sys/inotify.h>
            #include <unistd.h>
            int main(int argc, char **argv) {
                char events[65536] __attribute__((aligned(8)));
                int watch = inotify_init(), opened = 0;
                int created = inotify_add_watch(watch, argv[2], IN_CREATE);
                inotify_add_watch(watch, argv[1], IN_OPEN);
                puts("watching");
                fflush(stdout);
                for (;;) {
                    ssize_t length = read(watch, events, sizeof events), at = 0;
                    while (at < length) {
                        struct inotify_event *event = (struct inotify_event *)(events + at);
                        if (event->wd == created) {
                            printf("%d\\n", opened);
                            fflush(stdout);
                        } else {
                            opened++;
                        }
                        at += sizeof *event + event->len;
                    }
                }
            }
            """;

    @TempDir
    Path directory;

    private Path fifo;

    @BeforeEach
    void makeFifo() throws Exception {
        Host.assumeUnrelatedProcessesCanBeSaved();
        fifo = directory.resolve("fifo");
        assertEquals(0, ChildRun.of(List.of("mkfifo", fifo.toString())).exitStatus());
    }

    private interface Commands {
        void run() throws Exception;
    }

    private void assertOpensNothing(Commands commands) throws Exception {
        Path watched = Files.createDirectory(directory.resolve("watched"));
        String counter = CCode.program(directory, COUNTER).toString();
        try (TestProcess count = TestProcess.of(List.of(counter, fifo.toString(), watched.toString())).awaitOutput("watching")) {
            commands.run();
            Files.createFile(watched.resolve("now"));
            count.awaitOutput("0");
        }
    }

    private TestProcess writer(String first) throws Exception {
        String script = "exec 4<>'" + fifo + "' 5>'" + fifo + "' 4<&-; " + first + "exec sleep 1000";
        return TestProcess.shellWithoutPipes(script).awaitBecome("sleep");
    }

    @Test
    void emptyFifoThatNobodyReadsIsNotOpened() throws Exception {
        try (TestProcess writer = writer("")) {
            assertOpensNothing(() -> {
                assertEquals("", CommandRun.here("peek", "--pid", writer.pid(), "--fd", 5).succeeded().out);
                assertEquals(0, CommandRun.here("list", "--pid", writer.pid()).exitStatus);
            });
        }
    }

    @Test
    void bytesThatNobodyReadsAreNotPeekedAt() throws Exception {
        String script = "exec 4<>'" + fifo + "' 5>'" + fifo + "'; echo line >&5; exec 4<&-; exec sleep 1000";
        try (TestProcess writer = TestProcess.shellWithoutPipes(script).awaitBecome("sleep")) {
            assertOpensNothing(() -> CommandRun.here("peek", "--pid", writer.pid(), "--fd", 5)
                    .failed(1, "descriptor 5 of process " + writer.pid() + ": nobody has this pipe open for reading",
                            "save it with standpipe checkpoint, and see what standpipe extract prints"));
            TestProcess.awaitQueued(writer.pid(), 5, 5);
        }
    }

    @Test
    void bytesBehindAWriteEndAreReadThroughSomebodysReadEnd() throws Exception {
        try (TestProcess reader = TestProcess.shellWithoutPipes("exec sleep 1000 3<>'" + fifo + "'").awaitBecome("sleep");
                TestProcess writer = writer("echo line >&5; ")) {
            assertOpensNothing(() ->
                    assertEquals("line\n", CommandRun.here("peek", "--pid", writer.pid(), "--fd", 5).succeeded().out));
            assertEquals("line\n", CommandRun.here("peek", "--pid", reader.pid(), "--fd", 3).succeeded().out);
        }
    }

    @Test
    void bytesWhoseReaderIsOutOfReachAreStillPrinted() throws Exception {
        String program = """
                #include <string.h>
                #include <sys/socket.h>
                #include <unistd.h>
                int main(void) {
                    int ends[2], pair[2];
                    char control[CMSG_SPACE(sizeof(int))] = {0}, byte = 0;
                    struct iovec iov = {&byte, 1};
                    struct msghdr message = {.msg_iov = &iov, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
                    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
                    pipe(ends);
                    socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
                    header->cmsg_level = SOL_SOCKET;
                    header->cmsg_type = SCM_RIGHTS;
                    header->cmsg_len = CMSG_LEN(sizeof(int));
                    memcpy(CMSG_DATA(header), ends, sizeof(int));
                    sendmsg(pair[0], &message, 0);
                    close(ends[0]);
                    write(ends[1], "in flight", 9);
                    dup2(ends[1], 20);
                    write(1, "ready\\n", 6);
                    pause();
                }
                """;
        try (TestProcess process = TestProcess.of(List.of(CCode.program(directory, program).toString())).awaitOutput("ready")) {
            assertEquals("in flight\n", CommandRun.here("peek", "--pid", process.pid(), "--fd", 20).succeeded().out);
        }
    }
}
