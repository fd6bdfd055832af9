// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.ArrayBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Memory outside the heap for the time of a system call. Allocating it anew takes longer than most system calls, so that a few
 * pieces are kept. Safe for use by several threads.
 */
public final class ScratchMemory {

    private static final int SIZE_BYTES = 16384;
    /** As many as one checkpoint uses at a time. */
    private static final int MOST_KEPT = 8;

    private static final ArrayBlockingQueue<NativeMemory> KEPT = new ArrayBlockingQueue<>(MOST_KEPT);

    private ScratchMemory() {}

    /**
     * Takes memory for the caller alone. It holds any bytes; its buffer is in the machine's byte order.
     *
     * @param sizeBytes the least size
     * @return memory to pass to {@link #giveBack} later
     */
    public static NativeMemory take(int sizeBytes) {
        NativeMemory kept = sizeBytes <= SIZE_BYTES ? KEPT.poll() : null;
        return kept != null ? kept : NativeMemory.nativeOrder(Math.max(sizeBytes, SIZE_BYTES));
    }

    /** Takes memory back that nobody uses any more, and no buffer shared with anybody. */
    public static void giveBack(@Nullable NativeMemory memory) {
        if (memory != null && memory.sizeBytes() == SIZE_BYTES) {
            memory.buffer().clear().order(ByteOrder.nativeOrder());
            KEPT.offer(memory);
        }
    }

    /** Takes memory that holds a NUL-terminated string in the encoding that this JVM uses for file names and arguments. */
    static NativeMemory ofString(String string) {
        ByteBuffer bytes = NativeMemory.encode(string);
        NativeMemory memory = take(bytes.remaining() + 1);
        memory.buffer().put(0, bytes, 0, bytes.remaining()).put(bytes.remaining(), (byte) 0);
        return memory;
    }
}
