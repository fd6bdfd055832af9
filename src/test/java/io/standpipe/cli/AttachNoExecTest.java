// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.example.Application;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.Host;
import io.standpipe.testkit.Jcmd;
import io.standpipe.testkit.Jdks;
import io.standpipe.testkit.Jdks.Jdk;
import io.standpipe.testkit.TestApplication;
import io.standpipe.testkit.TestJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** JVMs that may execute nothing from their temporary directories. */
@ExtendWith(DescriptorLeakCheck.class)
class AttachNoExecTest {

    /** Mounts directories, up to an empty argument, anew and noexec, with what is in them. */
    private static final String MOUNT = "while [ -n \"$1\" ]; do mount --bind \"$1\" \"$1\" && mount -o remount,bind,noexec \"$1\""
            + " || exit 9; shift; done; shift; exec \"$@\"";

    @TempDir
    Path directory;

    @BeforeEach
    void needMounts() throws Exception {
        Host.assumeMountNamespaces();
    }

    static List<Jdk> jdks() throws IOException {
        return Jdks.installed();
    }

    private static List<String> mounting(List<String> directories, String... command) {
        List<String> line = new ArrayList<>(List.of("unshare", "--mount", "--propagation", "private", "sh", "-c", MOUNT, "sh"));
        line.addAll(directories);
        line.add("");
        line.addAll(List.of(command));
        return line;
    }

    private TestApplication start(Jdk jdk, List<String> noexec) throws IOException {
        List<String> command = new ArrayList<>(List.of(jdk.java()));
        command.addAll(TestJvm.shortLived());
        command.addAll(List.of("-cp", Path.of("target/test-classes").toAbsolutePath().toString(), Application.class.getName()));
        return new TestApplication(mounting(noexec, command.toArray(new String[0])), directory.resolve("err"));
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void agentIsLoadedFromWhereItMayBeExecuted(Jdk jdk) throws Exception {
        try (TestApplication application = start(jdk, List.of("/tmp"))) {
            CommandRun run = CommandRun.here("attach", application.pid(), "list", "--timeout", "60s");

            assertEquals(0, run.exitStatus, run.err);
            assertNothingIsLeft(application);
            assertEquals("", application.saidItself());
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void jvmThatMayExecuteNothingIsNamedAndNotHarmed(Jdk jdk) throws Exception {
        try (TestApplication application = start(jdk, AgentPlace.PARENTS)) {
            CommandRun.here("attach", application.pid(), "list", "--timeout", "60s")
                    .failed(4, "process " + application.pid() + ": ", "noexec", "-javaagent:standpipe-agent.jar");

            assertNothingIsLeft(application);
            assertFalse(Files.readString(Path.of("/proc/" + application.pid() + "/maps")).contains("libstandpipe"));
            assertEquals("", application.saidItself());
            assertTrue(Jcmd.run(application.pid(), "VM.version").contains("JDK " + jdk.feature()));
        }
    }

    private static void assertNothingIsLeft(TestApplication application) {
        for (String parent : AgentPlace.PARENTS) {
            String[] names = Path.of("/proc/" + application.pid() + "/root" + parent).toFile().list();
            assertTrue(Arrays.stream(names).noneMatch(name -> name.equals("standpipe-attach-" + application.pid())), parent);
        }
    }
}
