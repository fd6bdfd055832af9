// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.standpipe.internal.jni.Native;
import io.standpipe.pipe.Fd;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NativeMemoryTest {

    private static final int F_GETFL = 3;

    @Test
    void littleEndianMemoryHasThatOrder() {
        NativeMemory memory = NativeMemory.littleEndian(8);
        memory.buffer().putLong(0, 0x0807060504030201L);
        byte[] bytes = new byte[8];
        memory.buffer().get(0, bytes);
        assertArrayEquals(new byte[] {1, 2, 3, 4, 5, 6, 7, 8}, bytes);
    }

    @Test
    void nativeOrderMemoryHasTheMachinesOrder() {
        assertEquals(ByteOrder.nativeOrder(), NativeMemory.nativeOrder(8).buffer().order());
    }

    @Test
    void memoryHasTheSizeAskedFor() {
        assertEquals(4097, NativeMemory.nativeOrder(4097).sizeBytes());
    }

    @Test
    void memoryIsZeroed() {
        byte[] bytes = new byte[4096];
        NativeMemory.nativeOrder(4096).buffer().get(0, bytes);
        assertArrayEquals(new byte[4096], bytes);
    }

    @Test
    void addressIsWhereTheKernelReadsTheBytes() throws Exception {
        NativeMemory path = NativeMemory.ofString("/proc/self/fd");
        try (Fd directory = Fd.owning(Native.sp_openat(-1, path.address(), Flags.O_CLOEXEC, 0))) {
            assertEquals(0, Native.sp_fcntl(directory.number(), F_GETFL, 0) & Flags.O_ACCMODE);
        }
        assertEquals("/proc/self/fd\0", textOf(path));
    }

    @Test
    void addressOfARangeIsItsOffsetIntoTheMemory() {
        NativeMemory memory = NativeMemory.nativeOrder(100);
        assertEquals(memory.address() + 40, memory.address(40, 60));
    }

    @Test
    void emptyRangeAtTheEndIsInside() {
        NativeMemory memory = NativeMemory.nativeOrder(100);
        assertEquals(memory.address() + 100, memory.address(100, 0));
    }

    @ParameterizedTest
    @CsvSource({
        "-1, 1",
        "0, 101",
        "0, -1",
        "100, 1",
        "9223372036854775807, 1",
        "1, 9223372036854775807",
        "9223372036854775807, 9223372036854775807"
    })
    void rangeOutsideThrows(long offsetBytes, long lengthBytes) {
        NativeMemory memory = NativeMemory.nativeOrder(100);
        IndexOutOfBoundsException thrown =
                assertThrows(IndexOutOfBoundsException.class, () -> memory.address(offsetBytes, lengthBytes));
        assertEquals(
                "range " + offsetBytes + "+" + lengthBytes + " is outside of 100 bytes of native memory",
                thrown.getMessage());
    }

    @Test
    void stringEndsInNul() {
        assertEquals("abc\0", textOf(NativeMemory.ofString("abc")));
    }

    @Test
    void stringWithANulThrows() {
        IllegalArgumentException thrown =
                assertThrows(IllegalArgumentException.class, () -> NativeMemory.ofString("ab\0c"));
        assertEquals("string has a NUL at index 2", thrown.getMessage());
    }

    private static String textOf(NativeMemory memory) {
        byte[] bytes = new byte[memory.sizeBytes()];
        memory.buffer().get(0, bytes);
        return new String(bytes, NativeMemory.FILE_NAMES);
    }
}
