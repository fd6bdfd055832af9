// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import io.standpipe.internal.pipes.FdSink;
import io.standpipe.internal.store.PayloadSource;
import io.standpipe.internal.sys.NativeMemory;
import io.standpipe.internal.sys.PageSize;
import java.io.InputStream;
import java.util.Collection;
import java.util.List;

/**
 * What was queued in a saved pipe, to be looked at: each byte once, in order, by {@link #read} or by {@link #sendTo}.
 * Restores nothing and takes nothing away: whoever opens it again has all of it again. Not safe for use by several threads.
 */
public final class Payload extends InputStream {

    private static final int MEMORY_BYTES = 65_536;

    private final PayloadSource source;
    private final Image.Pipe pipe;
    private NativeMemory memory;
    private long takenBytes;

    private Payload(PayloadSource source, Image.Pipe pipe) throws StandpipeException {
        this.source = source;
        this.pipe = pipe;
        source.begin(pipe);
    }

    /**
     * Finds a pipe in a source, which is closed with what this returns.
     *
     * @param objref of the pipe, or null for the only one
     */
    static Payload open(PayloadSource source, Integer objref) throws StandpipeException {
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

    private static Image.Pipe find(PayloadSource source, Integer objref) throws StandpipeException {
        source.processes();
        Collection<Image.Pipe> pipes = source.pipes().values();
        List<Image.Pipe> found = objref == null
                ? List.copyOf(pipes)
                : pipes.stream().filter(pipe -> pipe.objref() == objref).toList();
        if (found.size() != 1) {
            throw new StandpipeException(source + ": "
                    + (objref == null ? "holds " + pipes.size() + " pipes, expected 1" : "holds no pipe " + objref)
                    + "; those in it are " + pipes.stream().map(Image.Pipe::objref).toList());
        }
        return found.get(0);
    }

    /** The pipe that it was in. */
    public Image.Pipe pipe() {
        return pipe;
    }

    /** How the bytes lay in the kernel's buffers, and which of those were packets. */
    public Slots slots() {
        return pipe.slots() != null
                ? pipe.slots()
                : Slots.written(pipe.payloadBytes(), PageSize.SIZE_BYTES);
    }

    /**
     * Sends what is left of it to a descriptor of this process, which stays open: by splice, but for packets, which become
     * plain bytes.
     *
     * @return how many bytes that were
     */
    public long sendTo(int descriptor) throws StandpipeException {
        long left = pipe.payloadBytes() - takenBytes;
        try (FdSink outlet = new FdSink(descriptor)) {
            if (slots().hasPackets()) {
                outlet.copying();
            }
            if (left > 0) {
                source.send(pipe.payloadOffsetBytes() + takenBytes, left, outlet);
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
