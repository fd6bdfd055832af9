// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.standpipe.testkit.CCode;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.Host;
import io.standpipe.testkit.Kernel;
import io.standpipe.testkit.TestProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A notification pipe (O_NOTIFICATION_PIPE), which tee refuses. */
@ExtendWith(DescriptorLeakCheck.class)
class NotificationPipeTest {

    /** Executes its arguments with a notification pipe at fds 5 and 6. */
    private static final String HOLDER = """
            #define _GNU_SOURCE
            #include <fcntl.h>
            #include <unistd.h>
            int main(int count, char **arguments)
            {
                int ends[2];
                if (pipe2(ends, O_EXCL) == -1)
                    return 77;
                dup2(ends[1], 16);
                dup2(ends[0], 5);
                dup2(16, 6);
                execvp(arguments[1], arguments + 1);
                return 1;
            }
            """;

    /** Makes tee fail with EINVAL, as do_tee does if get_pipe_info finds no pipe that can be spliced. */
    private static final String TEE = """
            #define _GNU_SOURCE
            #include <dlfcn.h>
            #include <errno.h>
            #include <stdarg.h>
            #include <sys/syscall.h>
            long syscall(long number, ...)
            {
                static long (*next)(long, ...);
                long a[6];
                va_list rest;
                int i;
                va_start(rest, number);
                for (i = 0; i < 6; i++)
                    a[i] = va_arg(rest, long);
                va_end(rest);
                if (number == SYS_tee) {
                    errno = EINVAL;
                    return -1;
                }
                if (next == 0)
                    next = dlsym(RTLD_NEXT, "syscall");
                return next(number, a[0], a[1], a[2], a[3], a[4], a[5]);
            }
            """;

    @TempDir
    Path directory;

    private Path output;

    @BeforeEach
    void otherProcessesCanBeSaved() throws Exception {
        Host.assumeUnrelatedProcessesCanBeSaved();
        output = Files.createDirectory(directory.resolve("output"));
    }

    @Test
    void notificationPipeExitsWith4AndNothingIsWritten() throws Exception {
        Path holder = CCode.program(directory, HOLDER);
        Kernel.assumeConfigured("WATCH_QUEUE");
        try (TestProcess process = TestProcess.shellWithoutPipes("exec '" + holder + "' sleep 1000").awaitBecome("sleep")) {
            assertRefused(List.of(), process, 5);
        }
    }

    @Test
    void pipeThatTeeRefusesAsNoPipeIsReportedAsNotificationPipe() throws Exception {
        List<String> withTee = CCode.preloaded(directory, TEE);
        try (TestProcess process = TestProcess.shell("exec sleep 1000").awaitBecome("sleep")) {
            assertRefused(withTee, process, 0);
        }
    }

    private void assertRefused(List<String> prefix, TestProcess process, int fd) throws Exception {
        Object inode = Files.getAttribute(Path.of("/proc/" + process.pid() + "/fd/" + fd), "unix:ino");
        CommandRun.through(
                        prefix, "checkpoint", "--pid", process.pid(), "--fd", fd, "-o", output.resolve("app.ckpt"))
                .failed(4, "pipe " + inode + ", descriptor " + fd + " of process ", ": a notification pipe (O_NOTIFICATION_PIPE)",
                        "--leave-out PID:N");
        assertEquals(0, output.toFile().list().length);
    }
}
