// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** The flags that are asked from C, on the architectures whose values are written down here. */
class FlagsTest {

    private record Values(int direct, int largeFile, int noFollow, int directory) {}

    private static final Map<String, Values> VALUES = Map.of(
            "amd64", new Values(040000, 0100000, 0400000, 0200000),
            "aarch64", new Values(0200000, 0400000, 0100000, 040000));

    @Test
    void flagsAreThoseOfThisArchitecture() {
        String architecture = System.getProperty("os.arch");
        Values expected = VALUES.get(architecture);
        assertNotNull(expected, architecture);
        assertEquals(
                expected,
                new Values(Flags.oDirect(), Flags.oLargeFile(), Flags.oNoFollow(), Flags.oDirectory()));
    }
}
