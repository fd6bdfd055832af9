// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import io.standpipe.bridge.ErrnoException;
import io.standpipe.image.SlotsRecord;
import java.io.IOException;

/** What the pipes hold now, or what a snapshot holds of them, cloned one after another and spliced to the image. */
final class ClonedPayloads implements CheckpointWriter.Payloads {

    private final PipeClone clone;
    private final SlotProbe probe;
    private final ReleasedEnds released;
    private final ImageOutput output;
    private final Reporter reporter;
    private int capacityBytes;
    private int outside;
    private long queuedBytes;
    private SlotsRecord slots;

    /** @param released takes the copies of descriptors that are not needed any more */
    ClonedPayloads(PipeClone clone, SlotProbe probe, ReleasedEnds released, ImageOutput output, Reporter reporter) {
        this.clone = clone;
        this.probe = probe;
        this.released = released;
        this.output = output;
        this.reporter = reporter;
    }

    @Override
    public void look(SavedPipe pipe) throws StandpipeException {
        try {
            outside = pipe.outside();
            HeldClone held = pipe.held();
            if (held != null && held.fd() == null) {
                slots = null;
                queuedBytes = 0;
                capacityBytes = held.capacityBytes();
                return;
            }
            queuedBytes = held == null ? clone.take(pipe.readable(), pipe) : takeFrom(held);
            capacityBytes = clone.sourceCapacityBytes();
            slots = queuedBytes == 0 ? null : probe.find(pipe, clone.readEnd(), capacityBytes, queuedBytes);
            pipe.release(released);
        } catch (ErrnoException e) {
            throw Failure.of(pipe.toString(), e);
        }
    }

    private long takeFrom(HeldClone held) throws StandpipeException {
        clone.takeFrom(held.fd().number(), held.capacityBytes());
        return held.lengthBytes();
    }

    @Override
    public int capacityBytes() {
        return capacityBytes;
    }

    @Override
    public int outside() {
        return outside;
    }

    @Override
    public long queuedBytes() {
        return queuedBytes;
    }

    @Override
    public SlotsRecord slots() {
        return slots;
    }

    @Override
    public void move(long lengthBytes) throws IOException {
        output.splice(clone.readEnd(), lengthBytes);
    }

    @Override
    public void written(long lengthBytes) {
        reporter.pipe(lengthBytes);
    }
}
