// SPDX-License-Identifier: Apache-2.0
package io.standpipe.fuzz;

import io.standpipe.testkit.RecordWalk;
import java.io.IOException;

/**
 * The fuzzer's way in. An input that begins as an image does is one, and is tried as it is and with its digest put right; any
 * other input tells how to build an image.
 */
public final class FuzzedImages {

    /** The lowest byte of HEADER's type. */
    private static final byte HEADER = 1;

    private static ImageOracle oracle;

    private FuzzedImages() {}

    public static void fuzzerInitialize() throws IOException {
        oracle = new ImageOracle();
    }

    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        examine(oracle, input);
    }

    static void examine(ImageOracle oracle, byte[] input) throws IOException {
        if (input.length > 0 && input[0] == HEADER) {
            oracle.examine(input);
            oracle.examine(RecordWalk.withDigest(input));
        } else {
            oracle.examine(ImageScript.build(input));
        }
    }
}
