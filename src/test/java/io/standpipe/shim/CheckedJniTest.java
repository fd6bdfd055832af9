// SPDX-License-Identifier: Apache-2.0
package io.standpipe.shim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.standpipe.testkit.ChildRun;
import io.standpipe.testkit.Jdks;
import io.standpipe.testkit.Jdks.Jdk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The JVM's own check of how natives use JNI: it prints a warning, or a fatal error, among what the program says. */
class CheckedJniTest {

    @TempDir
    Path folder;

    static List<Jdk> jdks() throws IOException {
        return Jdks.installed();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void checkedJniReportsNothing(Jdk jdk) throws Exception {
        List<String> command = new ArrayList<>(List.of(jdk.java()));
        command.addAll(jdk.strict());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), CheckedJniRun.class.getName()));
        command.add(folder.resolve("image").toString());

        ChildRun run = ChildRun.of(command);

        assertEquals(
                """
                another process: in flight
                as a stream: in flight
                as a command: 0
                in place: in flight
                at its number: true
                int field: NoSuchFieldError
                object field: NoSuchFieldError
                constructor: NoSuchMethodError
                """,
                run.output());
        assertEquals(0, run.exitStatus());
    }
}
