// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import io.standpipe.internal.jni.Native;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Pipes;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads from a pipe and discards the bytes: a readv whose parts all lie in the same page. Holds scratch memory from the first read
 * until it is closed.
 */
public final class DiscardingRead implements AutoCloseable {

    private static final int MOST_PARTS = 1024; // UIO_MAXIOV
    private static final int PART_BYTES = 4096;
    private static final int IOVEC_BYTES = 16;

    private @Nullable NativeMemory parts;
    private @Nullable NativeMemory page;

    /** Creates an instance that holds no memory yet. */
    public DiscardingRead() {}

    /**
     * Reads once; at the end of a packet the read ends too.
     *
     * @param fd a read end
     * @param lengthBytes the most bytes to read
     * @return the bytes read; 0 at the end; {@link Pipes#WOULD_BLOCK}
     */
    public long read(int fd, long lengthBytes) throws ErrnoException {
        NativeMemory iovecs = parts == null ? ScratchMemory.take(MOST_PARTS * IOVEC_BYTES) : parts;
        parts = iovecs;
        int count = layOut(iovecs.buffer().clear(), lengthBytes);
        long result = Native.sp_readv(fd, iovecs.address(), count);
        Reference.reachabilityFence(this);
        if (result < 0 && result != Pipes.WOULD_BLOCK) {
            throw new ErrnoException(result, "readv(fd=" + fd + ", length=" + lengthBytes + ")");
        }
        return result;
    }

    /** Writes iovecs of {@code lengthBytes} in all, each of the least whole pages with which they are not too many. */
    private int layOut(ByteBuffer iovecs, long lengthBytes) {
        long pagesEach = (lengthBytes + (long) MOST_PARTS * PART_BYTES - 1) / ((long) MOST_PARTS * PART_BYTES);
        int partBytes = Math.toIntExact(Math.max(1, pagesEach) * PART_BYTES);
        NativeMemory target = page == null ? ScratchMemory.take(PART_BYTES) : page;
        target = target.sizeBytes() < partBytes ? NativeMemory.nativeOrder(partBytes) : target;
        page = target;
        int count = 0;
        for (long left = lengthBytes; left > 0; left -= partBytes) {
            iovecs.putLong(target.address()).putLong(Math.min(left, partBytes));
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
