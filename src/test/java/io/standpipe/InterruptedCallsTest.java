// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.testkit.Await;
import io.standpipe.testkit.CCode;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.TestProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which system calls the kernel ends with EINTR when their process is frozen is what the README says. */
@ExtendWith(DescriptorLeakCheck.class)
class InterruptedCallsTest {

    private static final int ROUNDS = 20;

    @TempDir
    static Path programs;

    private static Path waits;

    @TempDir
    Path directory;

    @BeforeAll
    static void compile() throws IOException, InterruptedException {
        waits = CCode.program(programs, InterruptedCallsTest.class, "waits.c");
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll_wait", "sigtimedwait", "semtimedop", "recv"})
    void callEndsWithEintr(String call) throws IOException {
        try (TestProcess process = waiting(call)) {
            Checkpoint.ofProcess(process.pid()).writeTo(directory.resolve("a.ckpt"));
            assertEquals("EINTR", process.readLine());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"read", "write", "splice", "tee", "vmsplice", "poll", "select", "nanosleep", "msgrcv"})
    void callGoesOn(String call) throws IOException {
        try (TestProcess process = waiting(call)) {
            for (int i = 0; i < ROUNDS; i++) {
                Checkpoint.ofProcess(process.pid()).writeTo(directory.resolve("a.ckpt"));
            }
            Await.until("it waits", () -> process.state() == 'S');
            assertTrue(process.isAlive());
            assertEquals(0, process.available(), "it has printed something");
        }
    }

    private static TestProcess waiting(String call) throws IOException {
        TestProcess process = TestProcess.of(List.of(waits.toString(), call)).awaitOutput("waits");
        Await.until("it waits", () -> process.state() == 'S');
        return process;
    }
}
