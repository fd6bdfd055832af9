// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.checkpoint;

import io.standpipe.StandpipeException;
import io.standpipe.internal.format.SlotsRecord;
import io.standpipe.internal.pipes.SlotProbe;
import io.standpipe.internal.pipes.TeePipe;
import io.standpipe.internal.store.ImageOutput;
import io.standpipe.internal.store.ProgressTracker;
import io.standpipe.internal.sys.Failures;
import io.standpipe.pipe.ErrnoException;




import java.io.IOException;

/** What the pipes hold now, or what a snapshot holds of them, cloned one after another and spliced to the image. */
public final class ClonedPayloads implements CheckpointWriter.Payloads {

    private final TeePipe clone;
    private final SlotProbe probe;
    private final ReleasedEnds released;
    private final ImageOutput output;
    private final ProgressTracker reporter;
    private final PipeFound found = new PipeFound();

    /**
     * Of pipes that were found.
     *
     * @param released takes the copies of descriptors that are not needed any more
     */
    ClonedPayloads(
            TeePipe clone, SlotProbe probe, ReleasedEnds released, ImageOutput output, ProgressTracker reporter) {
        this.clone = clone;
        this.probe = probe;
        this.released = released;
        this.output = output;
        this.reporter = reporter;
    }

    @Override
    public PipeFound look(SavedPipe pipe) throws StandpipeException {
        try {
            int outside = pipe.outside();
            CapturedPipe held = pipe.held();
            if (held != null && held.fd() == null) {
                return found.of(held.capacityBytes(), outside, 0, null);
            }
            long queued = held == null ? clone.take(pipe.readable(), pipe) : takeFrom(held);
            int capacity = clone.sourceCapacityBytes();
            SlotsRecord slots = probe.find(pipe, clone.readEnd(), capacity, queued);
            pipe.release(released);
            return found.of(capacity, outside, queued, slots);
        } catch (ErrnoException e) {
            throw Failures.of(pipe.toString(), e);
        }
    }

    private long takeFrom(CapturedPipe held) throws StandpipeException {
        clone.takeFrom(held.fd().number(), held.capacityBytes());
        return held.lengthBytes();
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
