// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScratchMemoryTest {

    @Test
    void takenMemoryIsTheCallersAlone() {
        NativeMemory first = ScratchMemory.take(100);
        NativeMemory second = ScratchMemory.take(100);
        assertNotSame(first, second);
        ScratchMemory.giveBack(first);
        ScratchMemory.giveBack(second);
        assertNotSame(ScratchMemory.take(100), ScratchMemory.take(100));
    }

    @Test
    void memoryGivenBackIsTakenAgain() {
        NativeMemory given = ScratchMemory.take(16384);
        ScratchMemory.giveBack(given);
        List<NativeMemory> taken = new ArrayList<>();
        // What earlier tests of this JVM left is taken first: eight pieces are kept at most.
        for (int i = 0; i < 8; i++) {
            taken.add(ScratchMemory.take(16384));
        }
        assertTrue(taken.stream().anyMatch(memory -> memory == given));
    }

    @Test
    void memoryGivenBackHasAFreshBuffer() {
        NativeMemory given = ScratchMemory.take(100);
        ByteOrder other =
                ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        given.buffer().limit(5).position(3).order(other);
        ScratchMemory.giveBack(given);
        assertEquals(16384, given.buffer().remaining());
        assertEquals(ByteOrder.nativeOrder(), given.buffer().order());
    }

    @Test
    void memoryOfAnotherSizeIsNotKept() {
        NativeMemory large = ScratchMemory.take(16385);
        assertEquals(16385, large.sizeBytes());
        ScratchMemory.giveBack(large);
        ScratchMemory.giveBack(null);
        for (int i = 0; i < 8; i++) {
            assertEquals(16384, ScratchMemory.take(1).sizeBytes());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/proc/self/fd", "/tmp/a b"})
    void stringEndsInNul(String string) {
        NativeMemory memory = ScratchMemory.take(1);
        for (int i = 0; i < 100; i++) {
            memory.buffer().put(i, (byte) 'x');
        }
        ScratchMemory.giveBack(memory);
        byte[] found = new byte[string.length() + 1];
        ScratchMemory.ofString(string).buffer().get(0, found);
        assertEquals(string + "\0", new String(found, NativeMemory.FILE_NAMES));
    }

    @Test
    void longStringIsWhole() {
        String string = "x".repeat(17000);
        NativeMemory memory = ScratchMemory.ofString(string);
        assertEquals(17001, memory.sizeBytes());
        assertEquals('x', memory.buffer().get(8999));
    }

    @Test
    void stringWithANulThrows() {
        assertThrows(IllegalArgumentException.class, () -> ScratchMemory.ofString("ab\0c"));
    }

    @Test
    void stringThatCannotBeEncodedThrows() {
        assertThrows(IllegalArgumentException.class, () -> ScratchMemory.ofString("x-\uD800"));
    }
}
