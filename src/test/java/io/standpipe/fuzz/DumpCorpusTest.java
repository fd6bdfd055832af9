// SPDX-License-Identifier: Apache-2.0
package io.standpipe.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.cli.criu.DumpFiles;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.Thorough;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the fuzzer begins with of dumps of CRIU, and dumps with some bytes changed, without the fuzzer. */
@ExtendWith(DescriptorLeakCheck.class)
class DumpCorpusTest {

    private static final int ROUNDS = Thorough.rounds(100, 1_000);

    /** Otherwise the fuzzer would try nothing behind the checks. */
    @Test
    void realDumpsAreAccepted() throws IOException {
        try (DumpOracle oracle = new DumpOracle()) {
            for (String kind : DumpFiles.KINDS) {
                for (boolean isOld : new boolean[] {false, true}) {
                    long before = oracle.accepted();
                    oracle.examine(PackedDump.of(kind, isOld));
                    assertEquals(before + 1, oracle.accepted(), kind);
                }
            }
        }
    }

    @Test
    void dumpsWithSomeBytesChangedAreAcceptedOrRefusedAsPromised() throws IOException {
        Random random = new Random(20_261_130);
        try (DumpOracle oracle = new DumpOracle()) {
            for (String kind : DumpFiles.KINDS) {
                byte[] whole = PackedDump.of(kind, false);
                for (int round = 0; round < ROUNDS; round++) {
                    byte[] changed = Arrays.copyOf(whole, whole.length);
                    for (int i = random.nextInt(3); i >= 0; i--) {
                        changed[random.nextInt(changed.length)] = random.nextBoolean() ? (byte) random.nextInt() : (byte) random.nextInt(4);
                    }
                    oracle.examine(changed);
                }
            }
            assertTrue(oracle.accepted() > ROUNDS / 20, "accepted: " + oracle.accepted());
        }
    }
}
