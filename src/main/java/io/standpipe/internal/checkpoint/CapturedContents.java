// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.checkpoint;

import io.standpipe.Image;
import io.standpipe.StandpipeException;
import io.standpipe.internal.pipes.SlotProbe;
import io.standpipe.internal.pipes.TeePipe;

/** What a snapshot holds: each of its clones is cloned once more, and stays as it is. */
final class CapturedContents implements PipeContents {

    private final CapturedPipes captured;
    private final TeePipe clone = new TeePipe();
    private final SlotProbe probe = new SlotProbe();

    CapturedContents(CapturedPipes captured) {
        this.captured = captured;
    }

    @Override
    public int pipes() {
        return captured.pipes().size();
    }

    @Override
    public long queuedBytes() {
        return captured.pipes().values().stream().mapToLong(CapturedPipe::lengthBytes).sum();
    }

    @Override
    public Image.Pipe cloneOf(int objref) throws StandpipeException {
        CapturedPipe pipe = captured.pipe(objref);
        if (pipe.heldClone() == null) {
            return pipe.describe(-1, probe, captured.leaks());
        }
        clone.takeFrom(pipe.heldClone().number(), pipe.capacityBytes());
        return pipe.describe(clone.readFd(), probe, captured.leaks());
    }

    @Override
    public int cloneFd() {
        return clone.readFd();
    }

    @Override
    public void close() {
        probe.close();
        clone.close();
    }
}
