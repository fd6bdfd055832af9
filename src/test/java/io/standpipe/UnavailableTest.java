// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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

/** Where the native library cannot be loaded, everything that is open to users says so, in one way, as often as it is called. */
class UnavailableTest {

    @TempDir
    Path directory;

    static List<Jdk> jdks() throws IOException {
        return Jdks.installed();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void everyEntryThrowsTheSameEachTime(Jdk jdk) throws Exception {
        List<String> command = new ArrayList<>(List.of(jdk.java()));
        command.addAll(List.of(
                "-Dstandpipe.library.path=" + directory.resolve("absent.so"), "-cp", System.getProperty("java.class.path"),
                CallEveryEntry.class.getName(), directory.resolve("image").toString()));

        ChildRun run = ChildRun.of(command);

        assertTrue(run.output().matches("\\d{3} calls\n"), run::toString);
        assertEquals(0, run.exitStatus(), run::toString);
    }
}
