// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.checkpoint;

import io.standpipe.Image;
import io.standpipe.Slots;
import io.standpipe.StandpipeException;
import io.standpipe.internal.pipes.TeePipe;
import io.standpipe.internal.sys.Failures;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import java.util.ArrayList;
import java.util.List;

/** What is in open pipes now. Closes the fds of each pipe soon after it was cloned. */
final class LiveContents extends PipeContents {

    /** One call closes fds that follow one another. So few are kept for it that no end stays open for long. */
    private static final int MOST_KEPT_OPEN = 128;

    private final Inventory inventory;
    private final Leaks leaks;
    private final List<Fd> closing = new ArrayList<>();

    LiveContents(Inventory inventory, Leaks leaks) {
        this.inventory = inventory;
        this.leaks = leaks;
    }

    @Override
    int pipes() {
        return inventory.pipes().size();
    }

    @Override
    long queuedBytes() throws StandpipeException {
        long queued = 0;
        for (OpenPipe pipe : inventory.pipes()) {
            try {
                queued += pipe.queuedBytes();
            } catch (ErrnoException e) {
                throw Failures.of(pipe.toString(), e);
            }
        }
        return queued;
    }

    @Override
    Image.Pipe cloneOf(int objref) throws StandpipeException {
        OpenPipe pipe = inventory.pipe(objref);
        try {
            Image.ExternalEnds external = pipe.pollForExternalEnds();
            pipe.checkUnnoticed();
            int lengthBytes = (int) clone.take(pipe.capturedBy(), pipe.fd(), pipe);
            int capacityBytes = clone.sourceCapacityBytes();
            Slots slots = probe.find(clone.readFd(), capacityBytes, lengthBytes, pipe::mergeRoomBytes);
            pipe.addEnds(closing);
            if (closing.size() >= MOST_KEPT_OPEN) {
                closeEnds();
            }
            return pipe.describe(capacityBytes, Leaks.both(external, leaks.of(pipe)), slots, lengthBytes);
        } catch (ErrnoException e) {
            throw TeePipe.refused(pipe.toString(), e);
        }
    }

    private void closeEnds() {
        Fd.closeAll(closing);
        closing.clear();
    }

    @Override
    public void close() {
        closeEnds();
        super.close();
    }
}
