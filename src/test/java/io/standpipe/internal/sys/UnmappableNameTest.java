// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class UnmappableNameTest {

    @Test
    void unmappableNameIsRefused() {
        String loneSurrogate = "x-\uD800";

        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> NativeMemory.ofString(loneSurrogate));

        assertEquals(
                "\"" + loneSurrogate + "\" cannot be written in this JVM's encoding of file names, "
                        + NativeMemory.FILE_NAMES + ": run it in a UTF-8 locale, such as LC_ALL=C.UTF-8",
                refused.getMessage());
    }

    @Test
    void unmappablePathHasNoBytes() {
        assertThrows(IllegalArgumentException.class, () -> PathCalls.bytes("/x-\uD800"));
        assertArrayEquals(new byte[] {'/', 'x'}, PathCalls.bytes("/x"));
    }
}
