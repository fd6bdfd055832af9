// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.restore;

import io.standpipe.Image;
import io.standpipe.StandpipeException;
import io.standpipe.internal.store.PayloadSource;
import io.standpipe.internal.sys.DiscardingRead;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import io.standpipe.pipe.Pipes;

/** Gives pipes that others have made for processes, none of which runs yet, the contents and attributes that were saved. */
public final class PipeRefill implements AutoCloseable {

    private final Deviations deviations;
    private final PipeFiller filler;
    private final InodeAttributes inodes;
    private final DiscardingRead discarded = new DiscardingRead();

    /** @param source that has been checked */
    public PipeRefill(PayloadSource source, Deviations deviations) {
        this.deviations = deviations;
        filler = new PipeFiller(source, false);
        inodes = new InodeAttributes(deviations);
    }

    /**
     * Empties a pipe and fills it anew. Its ends keep their descriptions.
     *
     * @param end any of its ends, which stays open until {@link #finish}
     */
    public void refill(Fd end, Image.Pipe saved) throws StandpipeException {
        try (Fd both = FileCalls.reopen(end.number(), Flags.O_RDWR | Flags.O_NONBLOCK)) {
            for (long read = 1; read > 0 && read != Pipes.WOULD_BLOCK; ) {
                read = discarded.read(both.number(), saved.capacityBytes());
            }
            CapacityRestorer.restore(both.number(), saved, deviations);
            filler.fill(both.number(), saved);
            if (!saved.isFifo()) {
                inodes.note(saved, end);
            }
        } catch (ErrnoException e) {
            throw Failures.of("pipe " + saved.objref(), e);
        }
    }

    /** Sets owners and modes. */
    public void finish() throws StandpipeException {
        inodes.restoreAll();
    }

    @Override
    public void close() {
        filler.close();
        discarded.close();
    }
}
