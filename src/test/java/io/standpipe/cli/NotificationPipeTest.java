// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.standpipe.testkit.CCode;
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

/** A pipe for the kernel's own messages (O_NOTIFICATION_PIPE) is no pipe to tee, and is refused by name. */
@ExtendWith(DescriptorLeakCheck.class)
class NotificationPipeTest {

    /** Becomes sleep with such a pipe at 5 and 6; ends with 77 where the kernel makes none. */
    private static final String HOLDER = """
            #define _GNU_SOURCE
            #include <fcntl.h>
            #include <unistd.h>
            int main(int count, char **arguments)
            {
                int ends[2];
                if (pipe2(ends, O_EXCL) == -1)
                    return 77;
                if (count == 1)
                    return 0;
                dup2(ends[1], 16);
                dup2(ends[0], 5);
                dup2(16, 6);
                execvp(arguments[1], arguments + 1);
                return 1;
            }
            """;

    /** What the kernel's do_tee says where get_pipe_info finds no pipe that can be spliced. */
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
    Path folder;

    private Path output;

    @BeforeEach
    void otherProcessesCanBeSaved() throws Exception {
        Host.assumeUnrelatedProcessesCanBeSaved();
        output = Files.createDirectory(folder.resolve("output"));
    }

    @Test
    void isRefusedWithFourAndNothingIsWritten() throws Exception {
        Path holder = CCode.program(folder, HOLDER);
        assumeTrue(
                CommandRun.program(List.of(holder.toString())).exitStatus != 77,
                "this kernel makes no notification pipes (CONFIG_WATCH_QUEUE)");
        try (TestProcess process = TestProcess.shellWithoutPipes("exec '" + holder + "' sleep 1000").awaitBecome("sleep")) {
            assertRefused(List.of(), process, 5);
        }
    }

    @Test
    void isRefusedWhereTeeSaysWhatItWouldSay() throws Exception {
        List<String> withTee = CCode.preloaded(folder, TEE);
        try (TestProcess process = TestProcess.shell("exec sleep 1000").awaitBecome("sleep")) {
            assertRefused(withTee, process, 1);
        }
    }

    private void assertRefused(List<String> prefix, TestProcess process, int fd) throws Exception {
        Object inode = Files.getAttribute(Path.of("/proc/" + process.pid() + "/fd/" + fd), "unix:ino");
        CommandRun.through(
                        prefix, "checkpoint", "--pid", process.pid(), "--fd", fd, "-o", output.resolve("app.ckpt"))
                .failed(4, "pipe " + inode + ", descriptor " + fd + ": a notification pipe (O_NOTIFICATION_PIPE)");
        assertEquals(0, output.toFile().list().length);
    }
}
