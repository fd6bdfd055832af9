// SPDX-License-Identifier: Apache-2.0
package io.standpipe.crac;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.testkit.ChildRun;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.TestJvm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The CRaC resource in a JVM of its own, under a simulation of CRaC instead of CRaC. */
@ExtendWith(DescriptorLeakCheck.class)
class CracSimulationTest {

    /** The simulation looks into objects of the JDK's; Standpipe needs none of these flags. */
    private static final List<String> OPTIONS = List.of(
            "-Dorg.crac.Core.Compat=io.standpipe.crac.simulation", "-Xcheck:jni", "--add-opens=java.base/java.io=ALL-UNNAMED",
            "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED");

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"file", "heap"})
    void pipesAreRestoredUnderTheSameObjects(String place) throws Exception {
        Path image = directory.resolve("pipes.ckpt");
        ChildRun result = TestJvm.run(OPTIONS, CracHost.class, place, image.toString());
        assertEquals(0, result.exitStatus(), result.output());
        List<String> lines = result.output().lines().toList();
        assertTrue(lines.get(0).startsWith("without: vetoed by simulated CheckpointOpenResourceException: pipe of"), lines.get(0));
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
        assertTrue(lines.get(1).startsWith("round 0: vetoed by simulated CheckpointOpenResourceException: pipe of"), lines.get(1));
        assertEquals("allowed 0", lines.get(21));
    }

    /** As a JDK with CRaC does: a selector can be closed and made anew only without keys. */
    @Test
    void selectorWithKeysVetoesTheCheckpointAndThePipesStayAsTheyWere() throws Exception {
        ChildRun result = TestJvm.run(OPTIONS, CracHost.class, "keys");
        assertEquals(0, result.exitStatus(), result.output());
        List<String> rounds = result.output().lines().skip(1).limit(20).toList();
        for (int round = 0; round < 20; round++) {
            String why = round == 7 ? "another resource vetoes" : "simulated BusySelectorException: 1 keys";
            assertEquals("round " + round + ": vetoed by " + why + ", ready 1, read [" + round + ", 42]", rounds.get(round));
        }
    }

    /** The objects of a vacated pipe count as closed: what a JDK with CRaC asks is the FileDescriptor, not the kernel. */
    @Test
    void objectsAreInvalidBetweenCheckpointAndRestore() throws Exception {
        ChildRun result = TestJvm.run(OPTIONS, CracHost.class, "streams");
        assertEquals(0, result.exitStatus(), result.output());
        List<String> lines = result.output().lines().toList();
        assertTrue(lines.get(0).startsWith("without: vetoed by simulated CheckpointOpenFileException: FileDescriptor"), lines.get(0));
        assertEquals(List.of("valid false false", "not read, Stream Closed", "first: restored, read 7"), lines.subList(1, 4));
        assertEquals(List.of("valid false false", "not read, Stream Closed"), lines.subList(4, 6));
        assertTrue(lines.get(6).startsWith("second: not restored: descriptors ["), lines.get(6));
        assertTrue(lines.get(6).endsWith("closed between checkpoint and restore; the other pipes are restored, read 8 -1"), lines.get(6));
    }

    @Test
    void standardStreamIsRefused() throws Exception {
        ChildRun result = TestJvm.run(OPTIONS, CracHost.class, "standard");
        assertEquals(0, result.exitStatus(), result.output());
        assertTrue(result.output().startsWith("vetoed by descriptor 0: a standard stream, which CRaC leaves open"), result.output());
    }

    @Test
    void policyThatClosesPipesIsRefusedBeforeTheObjectsAreClosedForGood() throws Exception {
        Path policies = directory.resolve("policies.yaml");
        Files.writeString(policies, "# ours\ntype: file\npath: /tmp/*\naction: close\n---\ntype: PIPE\naction: Close\n");
        List<String> options = new ArrayList<>(OPTIONS);
        options.add("-Djdk.crac.resource-policies=" + policies);
        ChildRun result = TestJvm.run(options, CracHost.class, "policy");
        assertEquals(0, result.exitStatus(), result.output());
        assertTrue(result.output().startsWith("vetoed by " + policies + ": the policy for pipes is to close them"), result.output());
        Files.writeString(policies, "type: pipe\naction: error\n---\ntype: pipe\naction: close\n");
        TestJvm.run(options, CracHost.class, "policy").assertPrinted("restored\n");
        Files.writeString(policies, "type: pipe\naction: ignore\n");
        TestJvm.run(options, CracHost.class, "policy").assertPrinted("restored\n");
        Files.delete(policies);
        ChildRun absent = TestJvm.run(options, CracHost.class, "policy");
        assertTrue(absent.output().startsWith("vetoed by " + policies + ": the resource policies cannot be read"), absent.output());
    }

    @Test
    void numberThatTheJdkTookIsNamedAndThePipesAreRestoredOnceItIsFree() throws Exception {
        ChildRun result = TestJvm.run(OPTIONS, CracHost.class, "taken", directory.resolve("pipes.ckpt").toString());
        assertEquals(0, result.exitStatus(), result.output());
        List<String> lines = result.output().lines().toList();
        assertTrue(lines.get(0).startsWith("not restored: descriptor "), lines.get(0));
        assertTrue(lines.get(0).contains("the number is taken by /dev/null"), lines.get(0));
        assertEquals("read 1: 5", lines.get(1));
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
