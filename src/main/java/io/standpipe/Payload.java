// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import io.standpipe.internal.format.SlotLayout;
import io.standpipe.internal.pipes.FdSink;
import io.standpipe.internal.store.PayloadSource;
import io.standpipe.internal.sys.NativeMemory;
import io.standpipe.internal.sys.PageSize;
import java.io.InputStream;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was queued in a saved pipe, for inspection: each byte once, in order, by {@link #read} or by {@link #sendTo}. Restores
 * nothing and consumes nothing: opened again, it has all bytes again. Not safe for use by several threads.
 *
 * @since 0.1
 */
public final class Payload extends InputStream {

    private static final int MEMORY_BYTES = 65_536;

    private final PayloadSource source;
    private final Image.Pipe pipe;
    private @Nullable NativeMemory memory;
    private long takenBytes;

    private Payload(PayloadSource source, Image.Pipe pipe) throws StandpipeException {
        this.source = source;
        this.pipe = pipe;
        source.begin(pipe);
    }

    /**
     * Opens the payload of a pipe.
     *
     * @param source is closed with the payload
     * @param objref of the pipe; null for the only one
     */
    static Payload open(PayloadSource source, @Nullable Integer objref) throws StandpipeException {
        boolean found = false;
        try {
            Payload payload = new Payload(source, find(source, objref));
            found = true;
            return payload;
        } finally {
            if (!found) {
                source.close();
            }
        }
    }

    private static Image.Pipe find(PayloadSource source, @Nullable Integer objref) throws StandpipeException {
        source.processes();
        Collection<Image.Pipe> pipes = source.pipes().values();
        List<Image.Pipe> found = pipes.stream()
                .filter(pipe -> objref == null || pipe.objref() == objref)
                .toList();
        if (found.size() != 1) {
            throw new ImageChoiceException(source + ": "
                    + (objref == null ? "holds " + pipes.size() + " pipes, expected 1" : "holds no pipe " + objref)
                    + (pipes.isEmpty() ? "" : "; choose one of " + pipes.stream().map(Image.Pipe::objref).toList()
                            + " with --pipe (in the library, Restore.payload(objref))"));
        }
        return found.get(0);
    }

    /** Returns the pipe in which the bytes were queued. */
    public Image.Pipe pipe() {
        return pipe;
    }

    /** Returns how the bytes lay in the kernel's buffers, and which of those were packets. */
    public Slots slots() {
        return pipe.slots() != null
                ? pipe.slots()
                : SlotLayout.written(pipe.payloadBytes(), PageSize.SIZE_BYTES);
    }

    /**
     * Sends the bytes that are left: by splice, except packets, which become plain bytes.
     *
     * @param fd of this process; stays open
     * @return how many bytes were sent
     * @throws StandpipeException if the image cannot be read, or the fd cannot be written
     */
    public long sendTo(int fd) throws StandpipeException {
        long left = pipe.payloadBytes() - takenBytes;
        try (FdSink sink = new FdSink(fd)) {
            if (slots().hasPackets()) {
                sink.copying();
            }
            if (left > 0) {
                source.send(pipe.payloadOffsetBytes() + takenBytes, left, sink);
            }
        }
        takenBytes += left;
        return left;
    }

    @Override
    public int available() {
        return (int) Math.min(Integer.MAX_VALUE, pipe.payloadBytes() - takenBytes);
    }

    @Override
    public int read() throws StandpipeException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws StandpipeException {
        if (length == 0) {
            return 0;
        }
        int taken = Math.min(Math.min(length, MEMORY_BYTES), available());
        if (taken == 0) {
            return -1;
        }
        if (memory == null) {
            memory = NativeMemory.nativeOrder(MEMORY_BYTES);
        }
        source.read(pipe.payloadOffsetBytes() + takenBytes, memory, taken);
        memory.buffer().get(0, into, offset, taken);
        takenBytes += taken;
        return taken;
    }

    @Override
    public void close() {
        source.close();
    }
}
