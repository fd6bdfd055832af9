// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.checkpoint;

import io.standpipe.Image;
import io.standpipe.StandpipeException;
import io.standpipe.internal.checkpoint.CapturedPipes.CapturedPipe;
import io.standpipe.internal.pipes.FdSink;
import io.standpipe.internal.pipes.PacketReader;
import io.standpipe.internal.pipes.PipePair;
import io.standpipe.internal.pipes.TeePipe;
import io.standpipe.internal.store.PayloadSource;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.NativeMemory;
import io.standpipe.internal.sys.TeeBatch;
import io.standpipe.pipe.ErrnoException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A snapshot to restore from, without an image in between: its clones are cloned once more, and these bytes are moved. */
final class SnapshotSource implements PayloadSource {

    private final CapturedPipes captured;
    private final Map<Integer, Image.Pipe> pipes;
    private final TeePipe clone = new TeePipe();
    private @Nullable PacketReader bytes;
    private boolean closed;

    SnapshotSource(CapturedPipes captured, Map<Integer, Image.Pipe> pipes) {
        this.captured = captured;
        this.pipes = pipes;
    }

    @Override
    public List<Image.Process> processes() {
        return captured.processes();
    }

    @Override
    public Map<Integer, Image.Pipe> pipes() {
        return pipes;
    }

    @Override
    public void begin(Image.Pipe pipe) throws StandpipeException {
        CapturedPipe source = captured.pipe(pipe.objref());
        if (source.heldClone() != null) {
            clone.empty();
            clone.take(TeeBatch.By.READ_END, source.heldClone().number(), source.pipe());
        }
    }

    @Override
    public void splice(int pipe, long offsetBytes, long lengthBytes) throws StandpipeException, ErrnoException {
        long movedBytes = PipePair.moveAll(clone.readFd(), pipe, lengthBytes);
        if (movedBytes < lengthBytes) {
            throw new StandpipeException("pipe took all but " + (lengthBytes - movedBytes) + " bytes");
        }
    }

    @Override
    public void read(long offsetBytes, NativeMemory into, int lengthBytes) throws StandpipeException {
        try {
            if (bytes == null) {
                bytes = new PacketReader();
            }
            for (int done = 0; done < lengthBytes; ) {
                int taken = bytes.next(clone.readFd(), lengthBytes - done);
                if (taken == 0) {
                    throw new StandpipeException(this + ": " + (lengthBytes - done) + " bytes short");
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
        outlet.splice(clone.readFd(), lengthBytes);
    }

    @Override
    public String toString() {
        return "snapshot of " + captured.processes().size() + " processes";
    }

    @Override
    public void close() {
        if (bytes != null) {
            bytes.close();
        }
        clone.close();
        if (!closed) {
            closed = true;
            captured.leave();
        }
    }
}
