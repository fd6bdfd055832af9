// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import io.standpipe.internal.sys.NativeMemory;
import io.standpipe.internal.sys.ScratchMemory;

import java.nio.ByteBuffer;

/** An image on its way through a pipe, a socket or whatever else takes bytes in order: nothing is sought. */
final class ImageStream implements ImageOutput, AutoCloseable {

    private final Outlet outlet;
    private NativeMemory memory;

    ImageStream(int fd) {
        outlet = new Outlet(fd);
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
