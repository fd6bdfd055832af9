// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.testkit.ChildRun;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.SeedImage;
import io.standpipe.testkit.TestJvm;
import io.standpipe.testkit.TestPipe;
import io.standpipe.testkit.TestProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(DescriptorLeakCheck.class)
class FewDescriptorsTest {

    private static final int LIMIT = 40;
    private static final int PIPES = 50;

    /** Otherwise the JVM opens files of its cgroup now and then, and takes the last descriptor between two calls. */
    private static final List<String> NO_FILES_OF_ITS_OWN = List.of("-XX:-UseContainerSupport");

    @TempDir
    Path folder;

    @Test
    void errorNamesTheLimit() throws IOException, InterruptedException {
        String output = restoreWithFewDescriptors().output();
        assertTrue(
                output.contains("UnavailableException")
                        && output.contains("too many descriptors are open: this process may have " + LIMIT
                                + " (RLIMIT_NOFILE); raise it with ulimit -n"),
                output);
    }

    @Test
    void failedRestoreLeavesNoDescriptorOpen() throws IOException, InterruptedException {
        ChildRun result = restoreWithFewDescriptors();
        assertEquals(0, result.exitStatus(), result.output());
        assertTrue(result.output().endsWith(" 0 more than before\n"), result.output());
    }

    /** With every number of free descriptors from none up, the failure is an orderly one. */
    @Test
    void errorIsTheSameForAnyNumberOfFreeDescriptors() throws IOException, InterruptedException {
        ChildRun result = TestJvm.runWithDescriptors(
                LIMIT, DescriptorsRunOut.class, smallImage().toString());
        result.assertPrinted("only UnavailableException\n");
    }

    /** Whether threads wait in a former pipe is found out when it is too late to fail: a descriptor is held for that. */
    @Test
    void restoreInPlaceFailsBeforeItBeginsOrNotAtAll() throws IOException, InterruptedException {
        ChildRun result = TestJvm.runWithDescriptors(
                2 * LIMIT, DescriptorsRunOutInPlace.class, folder.resolve("in-place.ckpt").toString());
        result.assertPrinted("restored with deviations []\n");
    }

    /** No descriptor of ours is closed, however few are left. */
    @Test
    void errorIsTheSameWithFrozenProcess() throws IOException, InterruptedException {
        try (TestProcess process = TestProcess.shell("exec sleep 1000").awaitBecome("sleep")) {
            ChildRun result = TestJvm.runWithDescriptors(
                    2 * LIMIT, NO_FILES_OF_ITS_OWN, DescriptorsRunOutForProcess.class, Integer.toString(process.pid()));
            result.assertPrinted("only UnavailableException\n");
        }
    }

    private ChildRun restoreWithFewDescriptors() throws IOException, InterruptedException {
        Path image = folder.resolve("pipes.ckpt");
        List<TestPipe> pipes = new ArrayList<>();
        try {
            for (int i = 0; i < PIPES; i++) {
                pipes.add(TestPipe.holding(new byte[] {1}));
            }
            int[] descriptors =
                    pipes.stream().flatMapToInt(pipe -> IntStream.of(pipe.readFd(), pipe.writeFd())).toArray();
            Checkpoint.ofDescriptors(descriptors).writeTo(image);
        } finally {
            pipes.forEach(TestPipe::close);
        }
        return TestJvm.runWithDescriptors(
                LIMIT, FailingRestore.class, smallImage().toString(), image.toString());
    }

    private Path smallImage() throws IOException {
        return Files.write(folder.resolve("small.ckpt"), SeedImage.onePipe(3, 4, new byte[1]));
    }
}
