// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Memory outside the heap that is taken for a moment and given back: making it anew takes longer than most system calls.
 * Safe for use by several threads.
 */
public final class ScratchMemory {

    private static final int SIZE_BYTES = 16384;
    /** As many as a checkpoint has in use at a time. */
    private static final int MOST_KEPT = 8;

    /** Whether ASCII is a part of the encoding of file names. */
    private static final boolean ASCII_FIRST =
            Set.of(StandardCharsets.UTF_8, StandardCharsets.US_ASCII, StandardCharsets.ISO_8859_1)
                    .contains(NativeMemory.FILE_NAMES);

    private static final AtomicReferenceArray<NativeMemory> KEPT = new AtomicReferenceArray<>(MOST_KEPT);

    private ScratchMemory() {}

    /** Memory in the machine's own byte order with anything in it, for the caller alone until it gives it back. */
    public static NativeMemory take(int sizeBytes) {
        if (sizeBytes > SIZE_BYTES) {
            return NativeMemory.nativeOrder(sizeBytes);
        }
        for (int i = 0; i < MOST_KEPT; i++) {
            NativeMemory kept = KEPT.getPlain(i) == null ? null : KEPT.getAndSet(i, null);
            if (kept != null) {
                return kept;
            }
        }
        return NativeMemory.nativeOrder(SIZE_BYTES);
    }

    /** Gives memory back that the caller, and whoever it showed its buffer to, uses no more; null is nothing. */
    public static void giveBack(NativeMemory memory) {
        if (memory == null || memory.sizeBytes() != SIZE_BYTES) {
            return;
        }
        memory.buffer().clear().order(ByteOrder.nativeOrder());
        for (int i = 0; i < MOST_KEPT; i++) {
            if (KEPT.getPlain(i) == null && KEPT.compareAndSet(i, null, memory)) {
                return;
            }
        }
    }

    /** A NUL-terminated string in the encoding that this JVM uses for file names and arguments. */
    static NativeMemory ofString(String string) {
        if (!ASCII_FIRST || string.length() >= SIZE_BYTES || !isPlain(string)) {
            return NativeMemory.ofString(string);
        }
        NativeMemory memory = take(SIZE_BYTES);
        for (int i = 0; i < string.length(); i++) {
            memory.buffer().put(i, (byte) string.charAt(i));
        }
        memory.buffer().put(string.length(), (byte) 0);
        return memory;
    }

    /** Whether all of it is ASCII, and none of it NUL. */
    private static boolean isPlain(String string) {
        for (int i = 0; i < string.length(); i++) {
            if (string.charAt(i) == 0 || string.charAt(i) > 127) {
                return false;
            }
        }
        return true;
    }
}
