// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.internal.proc.BlindSpots;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.PathCalls;
import io.standpipe.pipe.Fd;
import io.standpipe.testkit.CCode;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.Host;
import io.standpipe.testkit.TestPipe;
import io.standpipe.testkit.TestProcess;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Pipes of which this process has both ends, and somebody else something more. */
@ExtendWith(DescriptorLeakCheck.class)
class ExternalHoldersInPlaceTest {

    @TempDir
    Path directory;

    @Test
    void fifoThatAnotherProcessHoldsIsNotVacated() throws IOException {
        Path path = directory.resolve("fifo");
        PathCalls.makeFifo(FileCalls.CURRENT_DIRECTORY, PathCalls.bytes(path.toString()), 0600);
        try (Fd both = FileCalls.open(FileCalls.CURRENT_DIRECTORY, path.toString(), Flags.O_RDWR, 0)) {
            PipesInPlace pipes = PipesInPlace.of(both);
            pipes.writeTo(directory.resolve("image"));
            try (TestProcess other = TestProcess.shellWithoutPipes("exec sleep 1000 5> '" + path + "'").awaitBecome("sleep")) {
                StandpipeException e = assertThrows(StandpipeException.class, pipes::vacate);
                assertTrue(e.getMessage().contains("its write end is held by process " + other.pid()
                        + ", descriptor 5, which would be cut off"), e.getMessage());
            }
            pipes.vacate();
            both.release();
        }
    }

    @Test
    void pipeThatIsRegisteredWithAnIoUringIsKept() throws Exception {
        Host.assumeIoUring();
        String program = """
                #include <linux/io_uring.h>
                #include <stdio.h>
                #include <sys/syscall.h>
                #include <unistd.h>
                int main(void) {
                    static struct io_uring_params parameters;
                    int registered[1] = {0}, ring = syscall(SYS_io_uring_setup, 4, &parameters);
                    int result = syscall(SYS_io_uring_register, ring, IORING_REGISTER_FILES, registered, 1);
                    close(0);
                    printf("%d %d\\n", ring, result);
                    fflush(stdout);
                    pause();
                }
                """;
        try (TestPipe pipe = TestPipe.holding("held")) {
            PipesInPlace pipes = PipesInPlace.of(pipe.readFd(), pipe.writeFd());
            pipes.writeTo(directory.resolve("image"));
            Process other = new ProcessBuilder(CCode.program(directory, program).toString())
                    .redirectInput(new File("/proc/self/fd/" + pipe.readFd()))
                    .start();
            try (BufferedReader out = other.inputReader()) {
                String line = out.readLine();
                assertTrue(line.endsWith(" 0"), line);
                String info = Files.readString(Path.of("/proc/" + other.pid() + "/fdinfo/" + line.split(" ")[0]));
                if (!info.contains(" pipe:[")) { // before Linux 6.14: which pipe it is cannot be seen, but that there may be one
                    assertTrue(BlindSpots.of(0).toString().contains("registered with an io_uring"), info);
                    return;
                }
                assertEquals(
                        List.of(pipe.readFd(), pipe.writeFd()),
                        pipes.restore(Restore.from(directory.resolve("image"))).kept());
                StandpipeException e = assertThrows(StandpipeException.class, pipes::vacate);
                assertTrue(e.getMessage().contains("it is held by process " + other.pid()
                        + ", registered with its io_uring, descriptor " + line.split(" ")[0]), e.getMessage());
            } finally {
                other.destroyForcibly().waitFor();
                other.getOutputStream().close();
                other.getErrorStream().close();
            }
        }
    }
}
