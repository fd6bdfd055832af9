// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.store;

import io.standpipe.StandpipeException;
import io.standpipe.internal.pipes.FdSink;
import io.standpipe.internal.sys.NativeMemory;
import io.standpipe.internal.sys.ScratchMemory;


import java.nio.ByteBuffer;

/** An image on its way through a pipe, a socket or whatever else takes bytes in order: nothing is sought. */
public final class ImageStreamOutput implements ImageOutput, AutoCloseable {

    private final FdSink outlet;
    private NativeMemory memory;

    public ImageStreamOutput(int fd) {
        outlet = new FdSink(fd);
    }

    @Override
    public ByteBuffer allocate(int sizeBytes) {
        ScratchMemory.giveBack(memory);
        memory = ScratchMemory.take(sizeBytes);
        return memory.buffer();
    }

    @Override
    public void write(long offsetBytes, ByteBuffer bytes) throws StandpipeException {
        outlet.write(memory, bytes.position(), bytes.remaining());
    }

    @Override
    public void splice(int pipe, long lengthBytes) throws StandpipeException {
        outlet.splice(pipe, lengthBytes);
    }

    @Override
    public void close() {
        outlet.close();
        ScratchMemory.giveBack(memory);
        memory = null;
    }
}
