// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NativeMemoryOfBytesTest {

    @Test
    void bytesAreUnchangedAndEndInNul() {
        assertArrayEquals(new byte[] {'a', (byte) 0xff, '\n', 0}, content(new byte[] {'a', (byte) 0xff, '\n'}));
    }

    @Test
    void noBytesAreAnEmptyString() {
        assertArrayEquals(new byte[1], content(new byte[0]));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2, 3})
    void nulAmongTheBytesThrows(int index) {
        byte[] bytes = {'a', 'b', 'c', 'd'};
        bytes[index] = 0;
        IllegalArgumentException thrown =
                assertThrows(IllegalArgumentException.class, () -> NativeMemory.ofBytes(bytes));
        assertEquals("string has a NUL at index " + index, thrown.getMessage());
    }

    private static byte[] content(byte[] bytes) {
        NativeMemory memory = NativeMemory.ofBytes(bytes);
        byte[] content = new byte[memory.sizeBytes()];
        memory.buffer().get(0, content);
        return content;
    }
}
