// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.example.Application;
import io.standpipe.internal.proc.FdTable;
import io.standpipe.internal.proc.JvmProcess;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.pipe.Fd;
import io.standpipe.testkit.Await;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.Host;
import io.standpipe.testkit.Jcmd;
import io.standpipe.testkit.Jdks;
import io.standpipe.testkit.Jdks.Jdk;
import io.standpipe.testkit.PipeIo;
import io.standpipe.testkit.TestApplication;
import io.standpipe.testkit.TestJvm;
import io.standpipe.testkit.TestProcess;
import io.standpipe.testkit.Thorough;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** JVMs whose standard output or error is full, and JVMs whose pipes are never at rest. */
@ExtendWith(DescriptorLeakCheck.class)
class AttachFullStreamTest {

    private static final int CAPACITY = 65536;
    private static final List<String> SILENT = List.of("-XX:+EnableDynamicAgentLoading", "--enable-native-access=ALL-UNNAMED");

    @TempDir
    Path directory;

    /** @param silent whether the JVM was told not to warn */
    record Variant(Jdk jdk, int fd, boolean silent) {
        boolean warns() {
            return jdk.feature() >= 21 && !silent;
        }
    }

    static List<Variant> variants() throws IOException {
        List<Variant> variants = new ArrayList<>();
        for (Jdk jdk : Jdks.installed()) {
            for (int fd : new int[] {1, 2}) {
                variants.add(new Variant(jdk, fd, false));
                if (jdk.feature() >= 21) {
                    variants.add(new Variant(jdk, fd, true));
                }
            }
        }
        return variants;
    }

    static List<Jdk> jdks() throws IOException {
        return Jdks.installed();
    }

    @ParameterizedTest
    @MethodSource("variants")
    void jvmThatWouldWaitInItsWarningGetsNothing(Variant variant) throws Exception {
        List<String> command = command(variant.jdk(), variant.silent() ? SILENT : List.of());
        try (TestProcess jvm = TestProcess.of(command).awaitOutput("ready")) {
            fill(jvm.pid(), variant.fd());
            if (variant.warns()) {
                // In a process of its own: this one is the reader, and a list leaves out the process that makes it.
                CommandRun run = CommandRun.of("attach", jvm.pid(), "list");
                run.failed(1, "process " + jvm.pid() + ": nothing was sent to it", variant.fd() == 1 ? "output" : "error",
                        "(descriptor " + variant.fd() + ")", "65,536 of 65,536 bytes", "process " + ProcessHandle.current().pid(),
                        "drain --pid " + jvm.pid() + " --fd " + variant.fd(), "-XX:+EnableDynamicAgentLoading");
            } else {
                CommandRun run = CommandRun.here("attach", jvm.pid(), "list");
                assertEquals(0, run.exitStatus, run.err);
            }
            assertTrue(Jcmd.run(jvm.pid(), "VM.version").contains("JDK " + variant.jdk().feature()));
            Path rest = directory.resolve("rest");
            CommandRun drained = CommandRun.here("drain", "--pid", jvm.pid(), "--fd", variant.fd(), "--yes", "--output", rest);
            assertEquals(0, drained.exitStatus, drained.err);
            assertEquals(CAPACITY, Files.size(rest));
            CommandRun again = CommandRun.here("attach", jvm.pid(), "list");
            assertEquals(0, again.exitStatus, again.err);
            assertTrue(again.out.contains("fd " + variant.fd()), again.out);
        }
    }

    /** Runs a JVM with standard output on what takes nothing; the first argument says what. Prints its pid; ends at the end of input. */
    private static final String HOLDER = """
            import os, pty, socket, subprocess, sys, termios
            if sys.argv[1] == 'terminal':
                far, near = pty.openpty()
                termios.tcflow(near, termios.TCOOFF)
            else:
                far, near = (end.detach() for end in socket.socketpair())
                os.set_blocking(near, False)
                try:
                    while True:
                        os.write(near, b'x' * 1000)
                except BlockingIOError:
                    os.set_blocking(near, True)
            jvm = subprocess.Popen(sys.argv[2:], stdin=subprocess.PIPE, stdout=open(os.devnull), stderr=near)
            print(jvm.pid, flush=True)
            sys.stdin.read()
            jvm.kill()
            """;

    @ParameterizedTest
    @ValueSource(strings = {"terminal", "socket"})
    void jvmWhoseStandardErrorTakesNothingGetsNothing(String kind) throws Exception {
        Host.assumeTool("python3");
        Optional<Jdk> warning = Jdks.installed().stream().filter(jdk -> jdk.feature() >= 21).findFirst();
        Host.assume(warning.isPresent(), "no JDK is installed that warns");
        List<String> command = new ArrayList<>(List.of("python3", "-c", HOLDER, kind));
        command.addAll(command(warning.get(), List.of()));
        try (TestProcess holder = TestProcess.of(command)) {
            int jvm = Integer.parseInt(holder.readLine());
            Await.until("the JVM has started", () -> JvmProcess.hasStarted(jvm));
            CommandRun.here("attach", jvm, "list").failed(1, "process " + jvm + ": nothing was sent to it", "(descriptor 2)", kind);
            assertTrue(Jcmd.run(jvm, "VM.version").contains("JDK " + warning.get().feature()));
        }
    }

    private static void fill(int pid, int fd) throws IOException {
        byte[] line = "full\n".repeat(CAPACITY / 5 + 1).getBytes(StandardCharsets.US_ASCII);
        try (Fd pipe = FileCalls.open(FileCalls.CURRENT_DIRECTORY, "/proc/" + pid + "/fd/" + fd, Flags.O_WRONLY | Flags.O_NONBLOCK, 0)) {
            assertEquals(CAPACITY, PipeIo.tryWrite(pipe.number(), line));
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void jvmUnderLoadLosesNoByte(Jdk jdk) throws Exception {
        try (TestApplication application = new TestApplication(command(jdk, List.of()), directory.resolve("err"))) {
            assertEquals("started", application.ask("traffic 4"));
            String pipes = Arrays.stream(FdTable.fds(application.pid()))
                    .filter(fd -> fd > 2 && application.isPipe(fd))
                    .mapToObj(Integer::toString).collect(Collectors.joining(","));
            for (int round = 0; round < Thorough.rounds(5, 25); round++) {
                CommandRun listed = CommandRun.here("attach", application.pid(), "list", "--timeout", "60s");
                assertEquals(0, listed.exitStatus, listed.err);
                CommandRun saved = CommandRun.here(
                        "attach", application.pid(), "checkpoint", "--fd", pipes, "--timeout", "60s", "--output",
                        directory.resolve("app.ckpt"));
                assertEquals(0, saved.exitStatus, saved.err);
            }
            assertEquals("complete", application.ask("stop"));
            assertEquals("", application.saidItself());
        }
    }

    private static List<String> command(Jdk jdk, List<String> options) {
        List<String> command = new ArrayList<>(List.of(jdk.java()));
        command.addAll(TestJvm.shortLived());
        command.addAll(options);
        command.addAll(List.of("-cp", "target/test-classes", Application.class.getName()));
        return command;
    }
}
