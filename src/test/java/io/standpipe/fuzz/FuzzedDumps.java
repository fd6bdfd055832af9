// SPDX-License-Identifier: Apache-2.0
package io.standpipe.fuzz;

import java.io.IOException;

/** The fuzzer's way in to dumps of CRIU, which an input has packed. */
public final class FuzzedDumps {

    private static DumpOracle oracle;

    private FuzzedDumps() {}

    public static void fuzzerInitialize() throws IOException {
        oracle = new DumpOracle();
    }

    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        oracle.examine(input);
    }
}
