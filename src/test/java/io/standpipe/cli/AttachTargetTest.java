// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.example.Application;
import com.example.HostileClassLoader;
import io.standpipe.internal.sys.ProcessCalls;
import io.standpipe.pipe.Fd;
import io.standpipe.testkit.Await;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.Host;
import io.standpipe.testkit.Jdks;
import io.standpipe.testkit.Jdks.Jdk;
import io.standpipe.testkit.TestApplication;
import io.standpipe.testkit.TestJvm;
import io.standpipe.testkit.TestProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Processes that are no JVM, and JVMs that cannot be attached to: nothing is sent to them, and nothing is printed by them. */
@ExtendWith(DescriptorLeakCheck.class)
class AttachTargetTest {

    private static final int SIGSTOP = 19;
    private static final int SIGCONT = 18;
    private static final String NO_JVM = "not a JVM, nothing was sent to it";

    @TempDir
    Path directory;

    static List<Jdk> jdks() throws IOException {
        return Jdks.installed();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "exec sleep 1000", // has the default action, unless its caller ignores the signal
        "exec perl -e '$SIG{QUIT} = \"DEFAULT\"; sleep 1000'", "exec perl -e '$SIG{QUIT} = \"IGNORE\"; sleep 1000'",
        "exec perl -e '$SIG{QUIT} = sub { print \"caught\\n\" }; sleep 1 while 1'",
        "exec python3 -c 'import time; time.sleep(1000)'", "exec node -e 'setTimeout(() => {}, 1000000)'"
    })
    void programThatIsNoJvmGetsNothing(String script) throws Exception {
        String program = script.split(" ")[1];
        Host.assumeTool(program);
        try (TestProcess process = TestProcess.shell(script)) {
            Await.until("it is " + program, () -> !command(process).equals("sh"));
            attach(process.pid(), "list").failed(2, "process " + process.pid() + ": ", NO_JVM);
            assertTrue(process.isAlive());
            assertEquals(0, process.available());
        }
    }

    @Test
    void programThatHasTheLibraryOfAJvmButRunsNoneGetsNothing() throws Exception {
        Host.assumeTool("perl");
        String library = System.getProperty("java.home") + "/lib/server/libjvm.so";
        String script = "$| = 1; $SIG{QUIT} = sub { print \"caught\\n\" }; DynaLoader::dl_load_file($ARGV[0], 0) or die;"
                + " print \"ready\\n\"; sleep 1 while 1";
        try (TestProcess process = TestProcess.of(List.of("perl", "-MDynaLoader", "-e", script, library)).awaitOutput("ready")) {
            attach(process.pid(), "list").failed(2, "process " + process.pid() + ": ", NO_JVM);
            assertEquals(0, process.available());
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void javaRuntimeOfTheSmallestKindWillDo(Jdk jdk) throws Exception {
        try (TestApplication application = start(jdk, "--limit-modules", "java.base")) {
            assertEquals("9", application.ask("write in_flight"));
            Path image = directory.resolve("image");
            assertEquals(0, CommandRun.here("attach", application.pid(), "checkpoint", "--fd", application.pipe(), "--output", image).exitStatus);
            assertEquals("in_flight", application.ask("read"));
            assertEquals(0, CommandRun.here("attach", application.pid(), "restore", "--input", image).exitStatus);
            assertEquals("in_flight", application.ask("read"));
            assertEquals(0, attach(application.pid(), "forget").exitStatus);
            assertUnharmed(application);
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void classLoaderOfTheApplicationIsNotAsked(Jdk jdk) throws Exception {
        List<String> command = new ArrayList<>(List.of(jdk.java(), "-Xcheck:jni", "-Xshare:off"));
        command.addAll(TestJvm.shortLived());
        command.addAll(List.of(
                "-Djava.system.class.loader=" + HostileClassLoader.class.getName(), "-cp", "target/test-classes",
                HostileClassLoader.class.getName()));
        try (TestApplication application = new TestApplication(command, directory.resolve("err"))) {
            for (int round = 0; round < 2; round++) {
                assertEquals(0, attach(application.pid(), "list").exitStatus);
                assertUnharmed(application);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void attachesAtOnceHaveTheLibraryLoadedOnce(Jdk jdk) throws Exception {
        try (TestApplication application = start(jdk)) {
            List<CommandRun> runs = IntStream.range(0, 5).parallel()
                    .mapToObj(each -> CommandRun.here("attach", application.pid(), "list", "--timeout", "60s"))
                    .toList();
            runs.forEach(run -> assertEquals(0, run.exitStatus, run.err));
            Set<String> files = new TreeSet<>();
            for (String line : Files.readAllLines(Path.of("/proc/" + application.pid() + "/maps"))) {
                if (line.contains("/standpipe-attach-")) {
                    files.add(line.split(" +")[4]); // the inode
                }
            }
            assertEquals(1, files.size(), files::toString);
            assertUnharmed(application);
        }
    }

    /** What an agent would use up or run into there, the application would miss or print. */
    @ParameterizedTest
    @MethodSource("jdks")
    void jvmThatCannotAffordAnAgentIsNotHarmed(Jdk jdk) throws Exception {
        try (TestApplication application = start(jdk, "-Xmx8m")) {
            attach(application.pid(), "list").failed(1, "less than 8 MiB of its heap are free", "nothing was loaded");
            assertUnharmed(application);
        }
        try (TestApplication application = start(jdk, "-XX:-EnableDynamicAgentLoading")) {
            attach(application.pid(), "list").failed(1, "no agent can be loaded");
            assertUnharmed(application);
        }
        if (jdk.feature() < 24) {
            Path policy = Files.writeString(directory.resolve("policy"), "grant { permission java.security.AllPermission; };");
            String manager = "-Djava.security.manager";
            try (TestApplication application = start(jdk, manager, "-Djava.security.policy==" + policy)) {
                attach(application.pid(), "list").failed(1, "security manager", "nothing was loaded");
                assertUnharmed(application);
            }
        }
    }

    @Test
    void serverThatEndsAtTheSignalGoesOn() throws Exception {
        Host.assumeTool("nginx");
        Path configuration = Files.writeString(directory.resolve("nginx.conf"), "daemon off; pid " + directory + "/pid; error_log "
                + directory + "/log notice; events {} http { access_log off; client_body_temp_path " + directory + "; server { listen unix:"
                + directory + "/socket; } }");
        try (TestProcess nginx = TestProcess.of(List.of("nginx", "-p", directory.toString(), "-c", configuration.toString()))) {
            int worker = nginx.awaitDescendant("nginx");
            attach(nginx.pid(), "list").failed(2, NO_JVM);
            attach(worker, "list").failed(2, NO_JVM);
            String log = Files.readString(directory.resolve("log"));
            assertFalse(log.contains("shutting down") || log.contains("signal"), log);
            assertTrue(nginx.isAlive());
            assertEquals(worker, nginx.awaitDescendant("nginx"));
        }
    }

    @Test
    void whatIsNoRunningProcessIsRefused() throws Exception {
        assertRefused(attach(4_000_000, "list"), "process 4000000: ");
        try (TestProcess parent = TestProcess.shell("sleep 0 & exec sleep 1000").awaitBecome("sleep")) {
            int zombie = (int) ProcessHandle.of(parent.pid()).orElseThrow().children().findFirst().orElseThrow().pid();
            Await.until("it is a zombie", () -> TestProcess.state(zombie) == 'Z');
            assertRefused(attach(zombie, "list"), "has ended");
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void threadOfAJvmIsRefused(Jdk jdk) throws Exception {
        try (TestApplication application = start(jdk)) {
            int thread = Integer.parseInt(Stream.of(
                    Path.of("/proc/" + application.pid() + "/task").toFile().list())
                    .filter(name -> !name.equals(Integer.toString(application.pid()))).findFirst().orElseThrow());
            assertRefused(attach(thread, "list"), "a thread of process " + application.pid());
            assertUnharmed(application);
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void jvmThatCannotBeAttachedToGetsNothing(Jdk jdk) throws Exception {
        for (String option : List.of("-Xrs", "-XX:+DisableAttachMechanism")) {
            try (TestApplication application = start(jdk, option)) {
                attach(application.pid(), "list").failed(2, option, "nothing was sent to it");
                assertUnharmed(application);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void stoppedJvmGetsNothingAndGoesOnLater(Jdk jdk) throws Exception {
        try (TestApplication application = start(jdk); Fd process = ProcessCalls.pidfdOpen(application.pid())) {
            ProcessCalls.signal(process, SIGSTOP);
            Await.until("it is stopped", () -> TestProcess.state(application.pid()) == 'T');
            attach(application.pid(), "list").failed(1, "stopped", "nothing was sent to it", "kill -CONT " + application.pid());
            ProcessCalls.signal(process, SIGCONT);
            assertUnharmed(application);
            assertEquals(0, attach(application.pid(), "list").exitStatus);
        }
    }

    /** At any moment of its start it is attached to, or refused. */
    @ParameterizedTest
    @MethodSource("jdks")
    void jvmThatIsAboutToStartIsNotHarmed(Jdk jdk) throws Exception {
        for (int pause = 0; pause < 60; pause += 4) {
            Path err = directory.resolve("err" + pause);
            Process process = new ProcessBuilder(command(jdk)).redirectError(err.toFile()).start();
            try {
                Thread.sleep(pause);
                CommandRun run = attach((int) process.pid(), "list");
                assertTrue(run.exitStatus == 0 || run.err.contains("nothing was sent to it"), run.err);
                assertEquals("ready", process.inputReader().readLine(), Files.readString(err));
                process.outputWriter().close();
                assertEquals(0, process.waitFor(), Files.readString(err));
                assertEquals(null, process.inputReader().readLine());
            } finally {
                process.destroyForcibly().waitFor();
                process.getInputStream().close();
            }
        }
    }

    /** HotSpot takes 1024 bytes of options. */
    @ParameterizedTest
    @MethodSource("jdks")
    void pathMayBeLong(Jdk jdk) throws Exception {
        Path deep = directory;
        for (int i = 0; i < 8; i++) {
            deep = deep.resolve("d".repeat(200));
        }
        Path image = Files.createDirectories(deep).resolve("app.ckpt");
        try (TestApplication application = start(jdk)) {
            CommandRun run = CommandRun.here("attach", application.pid(), "checkpoint", "--fd", application.pipe(), "--output", image);
            assertEquals(0, run.exitStatus, run.err);
            assertTrue(Files.exists(image));
        }
    }

    private static CommandRun attach(int pid, String verb) {
        return CommandRun.here("attach", pid, verb);
    }

    private static void assertRefused(CommandRun run, String reason) {
        assertNotEquals(0, run.exitStatus);
        run.failed(run.exitStatus, reason);
    }

    private static String command(TestProcess process) throws IOException {
        return Files.readString(Path.of("/proc/" + process.pid() + "/comm")).trim();
    }

    private static void assertUnharmed(TestApplication application) throws IOException {
        assertEquals("9", application.ask("write in_flight"));
        assertEquals("in_flight", application.ask("read"));
        assertFalse(application.saysMore());
        assertEquals("", application.saidItself());
    }

    private TestApplication start(Jdk jdk, String... options) throws IOException {
        return new TestApplication(command(jdk, options), directory.resolve("err"));
    }

    private static List<String> command(Jdk jdk, String... options) {
        List<String> command = new ArrayList<>(List.of(jdk.java()));
        command.addAll(TestJvm.shortLived());
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", "target/test-classes", Application.class.getName()));
        return command;
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void fileThatIsNoImageIsRefusedAsOne(Jdk jdk) throws Exception {
        Path text = Files.writeString(directory.resolve("notes"), "no image, though longer than the header of one ".repeat(9));
        try (TestApplication application = start(jdk)) {
            CommandRun.here("attach", application.pid(), "restore", "--input", text).failed(3, "image " + text + ": not an image");
            assertUnharmed(application);
        }
    }

    @Test
    void anotherAttachThatGaveUpJustNowIsNamed() throws Exception {
        try (TestApplication application = start(jdks().get(0))) {
            Path left = Files.createDirectory(Path.of("/tmp/standpipe-attach-" + application.pid()));
            CommandRun.here("attach", application.pid(), "list", "--timeout", "100ms")
                    .failed(1, "nothing was sent to it, another attach to it is at work, or has given up less than 5 s ago", "--timeout");
            assertEquals(0, CommandRun.here("attach", application.pid(), "list", "--timeout", "60s").exitStatus);
            assertFalse(Files.exists(left));
        }
    }

    @Test
    void jvmOfAnotherUserIsSaidToBeThat() throws Exception {
        OtherUser user = OtherUser.in(directory);
        long pid = ProcessHandle.current().pid();
        user.run("attach", pid, "list").failed(4, "process " + pid + ": nothing was sent to it; it belongs to user ", "run as that one");
    }
}
