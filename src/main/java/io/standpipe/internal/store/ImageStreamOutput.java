// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.store;

import io.standpipe.StandpipeException;
import io.standpipe.internal.pipes.FdSink;
import io.standpipe.internal.sys.NativeMemory;
import io.standpipe.internal.sys.ScratchMemory;
import io.standpipe.internal.sys.WaitLimit;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An image sent to a pipe, a socket or anything else that takes bytes in order: without seeking. */
public final class ImageStreamOutput implements ImageOutput, AutoCloseable {

    private final FdSink sink;
    private @Nullable NativeMemory memory;

    /**
     * @param fd stays the caller's to close
     * @param name of the fd in messages
     * @param limit of all waits
     * @param patience how long the fd may take nothing
     */
    public ImageStreamOutput(int fd, String name, WaitLimit limit, Duration patience) {
        sink = new FdSink(fd, name, limit, patience);
    }

    @Override
    public ByteBuffer allocate(int sizeBytes) {
        ScratchMemory.giveBack(memory);
        memory = ScratchMemory.take(sizeBytes);
        return memory.buffer();
    }

    @Override
    public void write(long offsetBytes, ByteBuffer bytes) throws StandpipeException {
        sink.write(Objects.requireNonNull(memory), bytes.position(), bytes.remaining());
    }

    @Override
    public void splice(int pipe, long lengthBytes, boolean hasPackets) throws StandpipeException {
        sink.splice(pipe, lengthBytes);
    }

    @Override
    public void close() {
        sink.close();
        ScratchMemory.giveBack(memory);
        memory = null;
    }
}
