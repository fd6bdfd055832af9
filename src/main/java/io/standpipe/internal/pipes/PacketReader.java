// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.pipes;

import static io.standpipe.pipe.PipeFlags.SPLICE_F_NONBLOCK;

import io.standpipe.StandpipeException;
import io.standpipe.internal.sys.NativeMemory;
import io.standpipe.internal.sys.PipeCalls;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Pipes;



/**
 * Takes the bytes out of a pipe into memory; never waits. One slot at a time, by way of a pipe that holds no more: a read
 * across slots would lose what does not fit of a packet.
 */
public final class PacketReader implements AutoCloseable {

    private static final int MEMORY_BYTES = 65_536;

    private final PipePair passage = PipePair.ofOneSlot("a pipe for bytes to pass through");
    private final NativeMemory memory = NativeMemory.nativeOrder(MEMORY_BYTES);
    private long waiting;

    public PacketReader() throws StandpipeException {}

    /**
     * Takes the next bytes, to be found at the beginning of {@link #memory()}.
     *
     * @param most how many at most, above 0
     * @return how many; 0 if there are none
     */
    public int next(int pipe, long most) throws ErrnoException {
        if (waiting == 0) {
            waiting = Math.max(0, Pipes.splice(pipe, passage.writeFd(), most, SPLICE_F_NONBLOCK));
        }
        if (waiting == 0) {
            return 0;
        }
        long read = PipeCalls.read(passage.readFd(), memory, 0, Math.min(waiting, MEMORY_BYTES));
        waiting -= read;
        return (int) read;
    }

    public NativeMemory memory() {
        return memory;
    }

    @Override
    public void close() {
        passage.close();
    }
}
