// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import io.standpipe.image.Image;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.NativeMemory;
import io.standpipe.internal.sys.PipeCalls;
import io.standpipe.pipe.ErrnoException;

import java.util.List;

/** What a snapshot holds, to be restored without an image in between: its pipes are cloned once more, and moved. */
final class SnapshotInput implements RestoreSource {

    private final SnapshotContents contents;
    private final PipeClone clone;
    private PipeBytes bytes;

    SnapshotInput(SnapshotContents contents) throws StandpipeException {
        this.contents = contents;
        clone = new PipeClone();
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
            long moved = PipeCalls.splice(clone.readEnd(), PipeCalls.NO_OFFSET, pipe, PipeCalls.NO_OFFSET, left);
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
                bytes = new PipeBytes();
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
    public void send(long offsetBytes, long lengthBytes, Outlet outlet) throws StandpipeException {
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
