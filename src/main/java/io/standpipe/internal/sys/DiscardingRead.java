// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import io.standpipe.internal.jni.Native;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Pipes;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;

/**
 * Reads from a pipe whose bytes nobody wants: they are written over one another, into one page where that is enough. Holds memory from
 * the first read until it is closed.
 */
public final class DiscardingRead implements AutoCloseable {

    private static final int MOST_PARTS = 1024;
    private static final int PART_BYTES = 4096;
    private static final int IOVEC_LENGTH = 16;

    private NativeMemory parts;
    private NativeMemory page;

    /** Reads nothing yet. */
    public DiscardingRead() {}

    /**
     * Reads once (readv); the read ends at the end of a packet.
     *
     * @return bytes read, or {@link Pipes#WOULD_BLOCK}
     */
    public long read(int fd, long lengthBytes) throws ErrnoException {
        int count = layOut(lengthBytes);
        long result = Native.sp_readv(fd, parts.address(), count);
        Reference.reachabilityFence(this);
        if (result < 0 && result != Pipes.WOULD_BLOCK) {
            throw new ErrnoException(result, "readv(fd=" + fd + ", length=" + lengthBytes + ")");
        }
        return result;
    }

    private int layOut(long lengthBytes) {
        long pages = (lengthBytes + (long) MOST_PARTS * PART_BYTES - 1) / ((long) MOST_PARTS * PART_BYTES);
        int partBytes = Math.toIntExact(Math.max(1, pages) * PART_BYTES);
        if (parts == null) {
            parts = ScratchMemory.take(MOST_PARTS * IOVEC_LENGTH);
            page = ScratchMemory.take(PART_BYTES);
        }
        if (page.sizeBytes() < partBytes) {
            page = NativeMemory.nativeOrder(partBytes);
        }
        ByteBuffer out = parts.buffer().clear();
        int count = 0;
        for (long left = lengthBytes; left > 0; left -= partBytes) {
            out.putLong(page.address()).putLong(Math.min(left, partBytes));
            count++;
        }
        return count;
    }

    @Override
    public void close() {
        ScratchMemory.giveBack(parts);
        ScratchMemory.giveBack(page);
        parts = null;
        page = null;
    }
}
