// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.pipes;

import static io.standpipe.pipe.PipeFlags.SPLICE_F_NONBLOCK;

import io.standpipe.StandpipeException;
import io.standpipe.internal.sys.NativeMemory;
import io.standpipe.internal.sys.PipeCalls;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Pipes;

/**
 * Reads the bytes of a pipe into memory without waiting. Each slot goes through a pipe of one slot: a read across slots would lose
 * what of a packet does not fit.
 */
public final class PacketReader implements AutoCloseable {

    private static final int MEMORY_BYTES = 65_536;

    private final PipePair oneSlot = PipePair.ofOneSlot("a pipe for bytes to pass through");
    private final NativeMemory memory = NativeMemory.nativeOrder(MEMORY_BYTES);
    private long unreadBytes;

    public PacketReader() throws StandpipeException {}

    /**
     * Reads the next bytes, to the beginning of {@link #memory()}.
     *
     * @param fdIn the pipe's read end, the same until all is read
     * @param mostBytes how many bytes to read at most, above 0
     * @return bytes read, 0 if the pipe is empty
     */
    public int next(int fdIn, long mostBytes) throws ErrnoException {
        if (unreadBytes == 0) {
            unreadBytes = Math.max(0, Pipes.splice(fdIn, oneSlot.writeFd(), mostBytes, SPLICE_F_NONBLOCK));
        }
        if (unreadBytes == 0) {
            return 0;
        }
        long readBytes = PipeCalls.read(oneSlot.readFd(), memory, 0, Math.min(unreadBytes, MEMORY_BYTES));
        unreadBytes -= readBytes;
        return (int) readBytes;
    }

    /** Returns the memory with the bytes that were read last. */
    public NativeMemory memory() {
        return memory;
    }

    @Override
    public void close() {
        oneSlot.close();
    }
}
