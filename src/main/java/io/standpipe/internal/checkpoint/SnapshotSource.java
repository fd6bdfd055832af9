// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.checkpoint;

import static io.standpipe.pipe.PipeFlags.SPLICE_F_NONBLOCK;

import io.standpipe.StandpipeException;
import io.standpipe.internal.format.Image;
import io.standpipe.internal.pipes.FdSink;
import io.standpipe.internal.pipes.PacketReader;
import io.standpipe.internal.pipes.TeePipe;
import io.standpipe.internal.store.PayloadSource;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.NativeMemory;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Pipes;
import java.util.List;

/** What a snapshot holds, to be restored without an image in between: its pipes are cloned once more, and moved. */
public final class SnapshotSource implements PayloadSource {

    private final SnapshotContents contents;
    private final TeePipe clone;
    private PacketReader bytes;

    public SnapshotSource(SnapshotContents contents) throws StandpipeException {
        this.contents = contents;
        clone = new TeePipe();
    }

    @Override
    public List<Image.Process> processes() {
        return contents.processes();
    }

    @Override
    public void begin(Image.Pipe pipe) throws StandpipeException {
        SavedPipe held = contents.held(pipe.objref());
        if (held.held().fd() != null) {
            clone.empty();
            clone.take(held.held().fd().number(), held);
        }
    }

    @Override
    public void splice(int pipe, long offsetBytes, long lengthBytes) throws StandpipeException, ErrnoException {
        for (long left = lengthBytes; left > 0; ) {
            long moved = Pipes.splice(clone.readEnd(), pipe, left, SPLICE_F_NONBLOCK);
            if (moved <= 0) {
                throw new StandpipeException("pipe took all but " + left + " bytes (EPIPE)");
            }
            left -= moved;
        }
    }

    @Override
    public void read(long offsetBytes, NativeMemory into, int lengthBytes) throws StandpipeException {
        try {
            if (bytes == null) {
                bytes = new PacketReader();
            }
            for (int done = 0; done < lengthBytes; ) {
                int taken = bytes.next(clone.readEnd(), lengthBytes - done);
                if (taken == 0) {
                    throw new StandpipeException(this + ": " + (lengthBytes - done) + " bytes short (EPIPE)");
                }
                into.buffer().put(done, bytes.memory().buffer(), 0, taken);
                done += taken;
            }
        } catch (ErrnoException e) {
            throw Failures.of(toString(), e);
        }
    }

    @Override
    public void send(long offsetBytes, long lengthBytes, FdSink outlet) throws StandpipeException {
        outlet.splice(clone.readEnd(), lengthBytes);
    }

    @Override
    public String toString() {
        return "snapshot of " + contents.processes().size() + " processes";
    }

    @Override
    public void close() {
        if (bytes != null) {
            bytes.close();
        }
        clone.close();
    }
}
