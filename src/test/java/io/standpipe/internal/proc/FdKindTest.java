// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.proc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.standpipe.internal.sys.Stat;
import io.standpipe.testkit.CCode;
import io.standpipe.testkit.TestProcess;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FdKindTest {

    @TempDir
    Path directory;

    @Test
    void everyKindOfFileIsNamed() throws Exception {
        // The files go to the fds from 10 on, in this order.
        String program = """
                #define _GNU_SOURCE
                #include <arpa/inet.h>
                #include <fcntl.h>
                #include <signal.h>
                #include <stdlib.h>
                #include <sys/epoll.h>
                #include <sys/eventfd.h>
                #include <sys/inotify.h>
                #include <sys/mman.h>
                #include <sys/signalfd.h>
                #include <sys/socket.h>
                #include <sys/timerfd.h>
                #include <unistd.h>
                static void put(int fd) { static int next = 10; dup2(fd, next++); close(fd); }
                int main(int argc, char **argv) {
                    int pair[2], unbound = socket(AF_INET, SOCK_STREAM, 0), bound = socket(AF_INET, SOCK_DGRAM, 0);
                    struct sockaddr_in any = {.sin_family = AF_INET};
                    int terminal = posix_openpt(O_RDWR | O_NOCTTY);
                    sigset_t none;
                    sigemptyset(&none);
                    socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
                    put(pair[0]);
                    listen(unbound, 1);
                    put(unbound);
                    bind(bound, (struct sockaddr *)&any, sizeof any);
                    put(bound);
                    put(eventfd(0, 0));
                    put(epoll_create1(0));
                    put(inotify_init());
                    put(timerfd_create(CLOCK_MONOTONIC, 0));
                    put(signalfd(-1, &none, 0));
                    put(memfd_create("a memory", 0));
                    unlockpt(terminal);
                    put(open(ptsname(terminal), O_RDWR | O_NOCTTY));
                    put(open("/dev/null", O_RDONLY));
                    put(open(argv[1], O_RDONLY));
                    write(1, "ready\\n", 6);
                    pause();
                }
                """;
        String command = CCode.program(directory, program).toString();
        try (TestProcess process = TestProcess.of(List.of(command, directory.toString())).awaitOutput("ready")) {
            List<String> kinds = List.of(
                    "a Unix socket", "a TCP socket", "a UDP socket", "an eventfd", "an epoll instance", "an inotify instance",
                    "a timerfd", "a signalfd", "a memfd, /memfd:a memory (deleted)");
            for (int i = 0; i < kinds.size(); i++) {
                assertEquals(kinds.get(i), FdKind.describe(process.pid(), 10 + i, FdKind.UNKNOWN_MODE));
            }
            String terminal = FdKind.describe(process.pid(), 19, FdKind.UNKNOWN_MODE);
            assertEquals("the terminal /dev/pts/N", terminal.replaceAll("\\d+", "N"));
            assertEquals("the file /dev/null", FdKind.describe(process.pid(), 20, FdKind.UNKNOWN_MODE));
            assertEquals("the character device /dev/null", FdKind.describe(process.pid(), 20, mode(Path.of("/dev/null"))));
            assertEquals("the directory " + directory, FdKind.describe(process.pid(), 21, mode(directory)));
            assertEquals("a pipe", FdKind.describe(process.pid(), 1, FdKind.UNKNOWN_MODE));
        }
    }

    @Test
    void closedFdIsNoFile() {
        int pid = (int) ProcessHandle.current().pid();
        assertThrows(NoSuchFileException.class, () -> FdKind.describe(pid, 9_999, FdKind.UNKNOWN_MODE));
    }

    private static int mode(Path path) throws IOException {
        return Stat.ofName(-1, path.toString()).mode();
    }
}
