// SPDX-License-Identifier: Apache-2.0
package io.standpipe.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.standpipe.testkit.ChildRun;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.TestJvm;
import io.standpipe.testkit.Thorough;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Checkpoint and restore for as long as is wanted, in a JVM with a small heap and few descriptors: whatever the rounds do,
 * descriptors, threads, heap and native memory are in the end what they were, and no file and no process is left.
 *
 * <p>{@code -Dstandpipe.soak.seconds=3600} has it run for an hour, and {@code -Dstandpipe.soak.seed=N} begins with the rounds
 * of an earlier run, whose seed its output tells:
 *
 * <pre>{@code
 * mvn test -Dtest=SoakTest -Dstandpipe.soak.seconds=3600
 * }</pre>
 */
@ExtendWith(DescriptorLeakCheck.class)
class SoakTest {

    private static final int DESCRIPTORS = 200;

    /** Threads do not come and go, the heap is all there from the start, the JDK keeps no buffers: figures tell of the rounds. */
    private static final List<String> JVM_OPTIONS = List.of(
            "-Xms24m", "-Xmx24m", "-XX:+AlwaysPreTouch", "-XX:+UseSerialGC", "-XX:MaxDirectMemorySize=8m", "-Djdk.nio.maxCachedBufferSize=0",
            "-XX:TieredStopAtLevel=1", "-XX:ReservedCodeCacheSize=16m", "-XX:-UseDynamicNumberOfCompilerThreads",
            "-Xlog:disable", "-Xlog:all=error:stderr");

    @TempDir
    Path folder;

    @Test
    void resourcesDoNotGrowOverRounds() throws Exception {
        String seconds = Long.toString(Long.getLong("standpipe.soak.seconds", Thorough.rounds(3, 10)));
        String seed = Long.toString(Long.getLong("standpipe.soak.seed", System.nanoTime()));
        Path temporary = Files.createDirectory(folder.resolve("tmp"));
        List<String> options = new ArrayList<>(JVM_OPTIONS);
        options.add("-Djava.io.tmpdir=" + temporary);

        ChildRun result =
                TestJvm.runWithDescriptors(DESCRIPTORS, options, Soak.class, seconds, seed, folder.toString());

        System.out.print(result.output());
        assertEquals(0, result.exitStatus(), result.output());
    }
}
