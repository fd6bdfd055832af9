// SPDX-License-Identifier: Apache-2.0
package io.standpipe.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.bytedeco.javacpp.Loader;
import org.junit.jupiter.api.Test;

/** The flags that are asked from C, on the architecture whose values are written down here. */
class FlagsTest {

    @Test
    void directIsTheValueOfThisArchitecture() {
        assumeX86();
        assertEquals(040000, Flags.oDirect());
    }

    @Test
    void noFollowIsTheValueOfThisArchitecture() {
        assumeX86();
        assertEquals(0400000, Flags.oNoFollow());
    }

    @Test
    void directoryIsTheValueOfThisArchitecture() {
        assumeX86();
        assertEquals(0200000, Flags.oDirectory());
    }

    private static void assumeX86() {
        assumeTrue(Loader.getPlatform().equals("linux-x86_64"), "the values are those of x86-64");
    }
}
