// SPDX-License-Identifier: Apache-2.0
package io.standpipe.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.testkit.ChildRun;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.TestJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the fuzzer began with, what led it somewhere new, and all that ever failed, without the fuzzer. */
@ExtendWith(DescriptorLeakCheck.class)
class CorpusTest {

    static final Path CORPUS = Path.of("src/test/resources/fuzz");
    private static final int FEW_DESCRIPTORS = 100;

    static Stream<Path> inputs() throws IOException {
        try (Stream<Path> files = Files.list(CORPUS)) {
            return files.sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("inputs")
    void everyImageOfTheCorpusIsAcceptedOrRefusedAsPromised(Path input) throws IOException {
        try (ImageOracle oracle = new ImageOracle()) {
            FuzzedImages.examine(oracle, Files.readAllBytes(input));
        }
    }

    /** Otherwise the fuzzer would try nothing behind the checks. */
    @Test
    void realImagesAndTheDefaultScriptAreAccepted() throws IOException {
        for (String name : List.of("small", "pages", "two", "fifo", "unlinked", "packets", "programs", "series-v18", "series-v21", "series-v23")) {
            try (ImageOracle oracle = new ImageOracle()) {
                long before = oracle.accepted();
                oracle.examine(Files.readAllBytes(CORPUS.resolve(name)));
                assertEquals(before + 1, oracle.accepted(), name);
            }
        }
        try (ImageOracle oracle = new ImageOracle()) {
            oracle.examine(ImageScript.build(new byte[0]));
            assertTrue(oracle.accepted() > 0);
        }
    }

    /** All of the corpus, one after another, in a JVM with little heap. */
    static final class InLittleMemory {
        public static void main(String[] arguments) throws IOException {
            try (ImageOracle oracle = new ImageOracle()) {
                for (Path input : inputs().toList()) {
                    FuzzedImages.examine(oracle, Files.readAllBytes(input));
                }
            }
            System.out.print("done\n");
        }
    }

    @Test
    void corpusIsReadWithLittleMemoryAndFewDescriptors() throws Exception {
        ChildRun result = TestJvm.runWithDescriptors(FEW_DESCRIPTORS, List.of("-Xmx32m"), InLittleMemory.class);
        result.assertPrinted("done\n");
    }
}
