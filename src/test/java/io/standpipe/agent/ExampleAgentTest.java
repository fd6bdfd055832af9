// SPDX-License-Identifier: Apache-2.0
package io.standpipe.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.testkit.AgentJar;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.Jdks;
import io.standpipe.testkit.Jdks.Jdk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The agent that docs/AGENTS.md shows, in other JVMs. */
@ExtendWith(DescriptorLeakCheck.class)
class ExampleAgentTest {

    private static final Path SOURCE = Path.of("src/test/java/io/standpipe/agent/ExampleAgent.java");

    @TempDir
    Path directory;

    static List<Jdk> jdks() throws IOException {
        return Jdks.installed();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void exampleAgentSavesAndRestores(Jdk jdk) throws Exception {
        Path jar = AgentJar.make(directory, ExampleAgent.class.getName());
        List<String> command = new ArrayList<>(List.of(jdk.java()));
        command.addAll(jdk.strict());
        command.addAll(List.of(
                "-javaagent:" + jar + "=" + directory.resolve("app.ckpt"), "-cp", "target/test-classes",
                ExampleApplication.class.getName()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.getInputStream().close();
        process.getErrorStream().close();
        assertEquals(0, process.waitFor(), said);
        assertEquals("saved\nsaved\n", said);
    }

    @Test
    void documentShowsTheSourceOfTheExample() throws IOException {
        String source = Files.readString(SOURCE);
        String shown = source.substring(source.indexOf("import "));
        assertTrue(Files.readString(Path.of("docs/AGENTS.md")).contains(shown), "docs/AGENTS.md shows another agent");
        assertTrue(source.lines().count() <= 38, "it is no longer short");
    }
}
