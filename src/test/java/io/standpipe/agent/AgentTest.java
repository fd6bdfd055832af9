// SPDX-License-Identifier: Apache-2.0
package io.standpipe.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.internal.proc.FdTable;
import io.standpipe.testkit.AgentJar;
import io.standpipe.testkit.Await;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.Host;
import io.standpipe.testkit.Jcmd;
import io.standpipe.testkit.Jdks;
import io.standpipe.testkit.Jdks.Jdk;
import io.standpipe.testkit.TestJvm;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The agent in other JVMs, started with {@code -javaagent} or attached. The JVMs are of every installed version.
 */
@ExtendWith(DescriptorLeakCheck.class)
class AgentTest {

    @TempDir
    static Path directory;

    private static Path jar;

    @BeforeAll
    static void makeJar() throws IOException {
        jar = AgentJar.command(directory);
    }

    static List<Jdk> jdks() throws IOException {
        return Jdks.installed();
    }

    /** An application in a JVM of its own. */
    private static final class Application implements AutoCloseable {

        private final Process process;
        private final BufferedReader answers;
        private final Path err;

        Application(Jdk jdk, String... options) throws IOException {
            err = Files.createTempFile(directory, "err", "");
            List<String> command = new ArrayList<>(List.of(jdk.java()));
            command.addAll(jdk.strict());
            command.addAll(TestJvm.shortLived());
            command.addAll(List.of(options));
            command.addAll(List.of("-cp", "target/test-classes", "io.standpipe.agent.AgentHost"));
            process = new ProcessBuilder(command).redirectError(err.toFile()).start();
            answers = process.inputReader();
            assertEquals("ready", answers.readLine(), () -> said());
        }

        String said() {
            try {
                return Files.readString(err);
            } catch (IOException e) {
                return e.toString();
            }
        }

        String ask(String line) throws IOException {
            process.outputWriter().write(line + "\n");
            process.outputWriter().flush();
            return answers.readLine();
        }

        int pid() {
            return (int) process.pid();
        }

        /** Returns the fds of the application's pipe, which are above those of the standard streams. */
        String descriptors() throws IOException {
            List<String> pipes = new ArrayList<>();
            for (int number : FdTable.fds(pid())) {
                if (number > 2 && link(number).startsWith("pipe:")) {
                    pipes.add(Integer.toString(number));
                }
            }
            assertEquals(2, pipes.size(), pipes::toString);
            return String.join(",", pipes);
        }

        private String link(int number) {
            try {
                return Files.readSymbolicLink(Path.of("/proc/" + pid() + "/fd/" + number)).toString();
            } catch (IOException e) {
                return "";
            }
        }

        @Override
        public void close() throws IOException {
            process.outputWriter().close();
            Await.until("it has ended", () -> process.waitFor(1, TimeUnit.SECONDS));
            answers.close();
            process.getErrorStream().close();
        }
    }

    /** Runs the command from the jar, asserts its exit status, and returns its output on both streams. */
    private static String attach(int expectedStatus, List<String> prefix, Jdk jdk, Object... arguments) throws Exception {
        Path said = Files.createTempFile(directory, "said", "");
        List<String> command = new ArrayList<>(prefix);
        command.add(jdk.java());
        command.addAll(TestJvm.shortLived());
        command.addAll(List.of("-jar", jar.toString()));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        Process process = new ProcessBuilder(command)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(said.toFile())
                .redirectErrorStream(true)
                .start();
        assertTrue(process.waitFor(120, TimeUnit.SECONDS), "attach has not ended");
        assertEquals(expectedStatus, process.exitValue(), Files.readString(said));
        return Files.readString(said);
    }

    private static String attach(Jdk jdk, Object... arguments) throws Exception {
        return attach(0, List.of(), jdk, arguments);
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void attachedJvmSavesItsPipesAndRestoresThemInPlace(Jdk jdk) throws Exception {
        Path image = directory.resolve("a, b+c%20 " + jdk.feature());
        try (Application application = new Application(jdk)) {
            String descriptors = application.descriptors();
            String said = attach(jdk, "attach", application.pid(), "checkpoint", "--fd", descriptors, "--output", image);
            assertTrue(said.contains("saved 1 pipe with 9 bytes in flight"), said);
            assertEquals("in flight", application.ask("read"));
            assertEquals("3", application.ask("write new"));
            said = attach(jdk, "attach", application.pid(), "restore", "--input", image);
            assertTrue(said.contains("with 9 bytes in flight"), said);
            assertEquals("in flight", application.ask("read"));
            assertEquals(descriptors, application.descriptors());
            assertTrue(attach(jdk, "attach", application.pid(), "list").contains("0 of 65,536 bytes"));
            assertFalse(application.said().contains("WARNING in native method"), application.said());
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void attachedJvmHasTheSameClassPathAndOpenFilesAsBefore(Jdk jdk) throws Exception {
        try (Application application = new Application(jdk)) {
            String manifests = application.ask("manifests");
            int files = FdTable.fds(application.pid()).length;
            for (int round = 0; round < 3; round++) {
                attach(jdk, "attach", application.pid(), "list");
            }
            assertEquals(manifests, application.ask("manifests"));
            // The JVM's own socket, for all who attach.
            assertTrue(FdTable.fds(application.pid()).length <= files + 1, () -> files + " before");
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void attachWithoutFdsSavesTheStandardStreams(Jdk jdk) throws Exception {
        Path image = directory.resolve("standard" + jdk.feature());
        try (Application application = new Application(jdk)) {
            String said = attach(jdk, "attach", application.pid(), "checkpoint", "--output", image);
            assertTrue(said.contains("saved 2 pipes"), said);
            assertTrue(said.contains("behind descriptors [0, 1]"), said);
            said = attach(1, List.of(), jdk, "attach", application.pid(), "checkpoint", "--fd", "999", "--output", image);
            assertTrue(said.contains("descriptor 999"), said);
            said = attach(1, List.of(), jdk, "attach", application.pid(), "restore", "--input", directory.resolve("none"));
            assertTrue(said.contains("there is no such file"), said);
            assertEquals("in flight", application.ask("read"));
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void attachNeedsNoPtracePermission(Jdk jdk) throws Exception {
        List<String> withoutPtrace = List.of("setpriv", "--bounding-set", "-sys_ptrace", "--inh-caps", "-sys_ptrace");
        Host.assumeRootWith(Host.Capability.SETPCAP);
        Path image = directory.resolve("traced" + jdk.feature());
        try (Application application = new Application(jdk)) {
            String descriptors = application.descriptors();
            attach(4, withoutPtrace, jdk, "checkpoint", "--pid", application.pid(), "--fd", descriptors, "--output", image);
            attach(0, withoutPtrace, jdk, "attach", application.pid(), "checkpoint", "--fd", descriptors, "--output", image);
            assertTrue(Files.exists(image));
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void libraryThatCannotBeLoadedIsSaidAndAnotherCanBeNamed(Jdk jdk) throws Exception {
        Path classes = Path.of("target/classes/io/standpipe/internal/jni").toAbsolutePath();
        Path library = classes.resolve(System.getProperty("os.arch").equals("aarch64") ? "linux-arm64" : "linux-x86_64")
                .resolve("libstandpipe.so");
        String image = directory.resolve("library" + jdk.feature()).toString();
        try (Application application = new Application(jdk, "-Dstandpipe.library.path=/absent.so")) {
            for (int i = 0; i < 2; i++) {
                assertEquals("standpipe: the native library of Standpipe cannot be loaded from /absent.so, which is named by"
                        + " -Dstandpipe.library.path: there is no such file; name the library of this version of Standpipe (attach has --library for that), or none\n",
                        attach(4, List.of(), jdk, "attach", application.pid(), "checkpoint", "--output", image));
            }
            attach(jdk, "attach", application.pid(), "checkpoint", "--output", image, "--library", library);
            assertTrue(attach(jdk, "attach", application.pid(), "list").contains("fd "));
        }
        String named = "-javaagent:" + AgentJar.BUILT + "=library=" + library;
        try (Application application = new Application(jdk, "-Dstandpipe.library.path=/absent.so", named)) {
            attach(jdk, "attach", application.pid(), "list");
        }
    }

    @Test
    void processThatDoesNotExistIsRefusedInOneLine() throws Exception {
        String said = attach(1, List.of(), jdks().get(0), "attach", 4_000_000, "list");
        assertTrue(said.startsWith("standpipe: process 4000000: there is no such process"), said);
        assertEquals(1, said.lines().count());
        said = attach(2, List.of(), jdks().get(0), "attach", 4_000_000, "checkpoint");
        assertTrue(said.startsWith("standpipe: checkpoint needs --output FILE"), said);
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void agentAtStartRegistersItsBeanOnceAndDoesNothingElse(Jdk jdk) throws Exception {
        Path image = directory.resolve("managed" + jdk.feature());
        String plain;
        int plainDescriptors;
        try (Application application = new Application(jdk)) {
            assertEquals("false", application.ask("registered"));
            plain = application.ask("threads");
            plainDescriptors = application.descriptors().split(",").length;
        }
        try (Application application = new Application(
                jdk, "-javaagent:" + AgentJar.BUILT, "-javaagent:" + AgentJar.BUILT, "-XX:+EnableDynamicAgentLoading")) {
            assertEquals("true", application.ask("registered"));
            assertEquals(plain, application.ask("threads"));
            assertEquals(plainDescriptors, application.descriptors().split(",").length);
            assertFalse(Files.readString(Path.of("/proc/" + application.pid() + "/maps")).contains("standpipe.so"));
            assertEquals("", application.ask("report"));
            assertEquals("4", application.ask("pipes"));
            String descriptors = application.descriptors();
            assertTrue(attach(jdk, "attach", application.pid(), "checkpoint", "--fd", descriptors, "--output", image)
                    .contains("saved 1 pipe"));
            assertTrue(application.ask("report").startsWith("saved 1 pipe with 9 bytes"));
            assertEquals("in flight", application.ask("read"));
            assertTrue(application.ask("restore " + image).startsWith("restored descriptors"));
            assertEquals("in flight", application.ask("read"));
            assertTrue(application.ask("restore /nowhere").startsWith("java.io.IOException image /nowhere"));
            assertTrue(application.ask("report").startsWith("failed: image /nowhere"));
            assertEquals("", application.said());
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void agentThatAnotherProgramLoadsRegistersItsBeanIfAsked(Jdk jdk) throws Exception {
        try (Application application = new Application(jdk)) {
            Jcmd.run(application.pid(), "JVMTI.agent_load " + AgentJar.BUILT + " \"mxbean=false\"");
            assertEquals("false", application.ask("registered"));
            Jcmd.run(application.pid(), "JVMTI.agent_load " + AgentJar.BUILT + " \"mxbean=true\"");
            assertEquals("true", application.ask("registered"));
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void wrongOptionsDoNotStopTheApplication(Jdk jdk) throws Exception {
        try (Application application = new Application(jdk, "-javaagent:" + AgentJar.BUILT + "=nonsense")) {
            assertEquals("in flight", application.ask("read"));
            assertTrue(application.said().contains("\"nonsense\" is not known"), application.said());
        }
        try (Application application = new Application(jdk, "-javaagent:" + AgentJar.BUILT + "=mxbean=false")) {
            assertEquals("false", application.ask("registered"));
        }
    }
}
