// SPDX-License-Identifier: Apache-2.0
package io.standpipe.crac;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.testkit.ChildRun;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.TestJvm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The CRaC resource in a JVM of its own, under a simulation of CRaC instead of CRaC. */
@ExtendWith(DescriptorLeakCheck.class)
class CracSimulationTest {

    private static final List<String> OPTIONS =
            List.of("-Dorg.crac.Core.Compat=io.standpipe.crac.simulation", "-Xcheck:jni");

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"file", "heap"})
    void pipesAreRestoredUnderTheSameObjects(String place) throws Exception {
        Path image = directory.resolve("pipes.ckpt");
        ChildRun result = TestJvm.run(OPTIONS, CracHost.class, place, image.toString());
        assertEquals(0, result.exitStatus(), result.output());
        List<String> lines = result.output().lines().toList();
        assertTrue(lines.get(0).startsWith("without: vetoed by simulated CheckpointOpenResourceException: FD fd="), lines.get(0));
        for (int round = 0; round < 20; round++) {
            assertEquals(
                    "round " + round + ": " + (round == 7 ? "vetoed by another resource vetoes" : "restored")
                            + ", ready 1, read [" + round + ", 42]",
                    lines.get(round + 1));
        }
        assertEquals("allowed " + (place.equals("heap") ? 20 : 0), lines.get(21)); // after a veto too
        assertEquals(22, lines.size(), result.output());
        assertEquals(place.equals("file"), Files.exists(image));
    }

    @Test
    void forgottenResourceSavesNothing() throws Exception {
        ChildRun result = TestJvm.run(OPTIONS, CracHost.class, "forgotten");
        assertEquals(0, result.exitStatus(), result.output());
        List<String> lines = result.output().lines().toList();
        assertTrue(lines.get(1).startsWith("round 0: vetoed by simulated CheckpointOpenResourceException: FD fd="), lines.get(1));
        assertEquals("allowed 0", lines.get(21));
    }

    @Test
    void pipeHeldByAChildVetoesTheCheckpointAndStaysAsItWas() throws Exception {
        ChildRun result = TestJvm.run(OPTIONS, CracHost.class, "child");
        assertEquals(0, result.exitStatus(), result.output());
        List<String> rounds = result.output().lines().skip(1).toList();
        assertEquals(21, rounds.size(), result.output());
        for (int round = 0; round < 20; round++) {
            assertTrue(rounds.get(round).contains(round == 7 ? "vetoed by" : "which would be cut off"), rounds.get(round));
            assertTrue(rounds.get(round).endsWith(", ready 1, read [" + round + ", 42]"), rounds.get(round));
        }
    }
}
