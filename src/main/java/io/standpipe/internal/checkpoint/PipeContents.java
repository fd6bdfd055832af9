// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.checkpoint;

import io.standpipe.Image;
import io.standpipe.StandpipeException;
import io.standpipe.internal.pipes.SlotProbe;
import io.standpipe.internal.pipes.TeePipe;
import io.standpipe.internal.store.ImageOutput;
import java.io.IOException;

/** The contents of the pipes that are saved: each is cloned when its turn to be written comes. One clone serves all. */
abstract class PipeContents implements AutoCloseable {

    final TeePipe clone = new TeePipe();
    final SlotProbe probe = new SlotProbe();

    /** Returns how many pipes there are. */
    abstract int pipes();

    /** Returns how many bytes are queued in all of them: an estimate where their users are running. */
    abstract long queuedBytes() throws StandpipeException;

    /** Clones what is in a pipe, and returns the pipe as the image has it. */
    abstract Image.Pipe cloneOf(int objref) throws StandpipeException;

    /** Moves the bytes cloned last to the end of an image, once. */
    void moveTo(ImageOutput output, long lengthBytes, boolean hasPackets) throws IOException {
        output.splice(readFd(), lengthBytes, hasPackets);
    }

    /** Returns the fd from which the bytes cloned last are moved. */
    int readFd() {
        return clone.readFd();
    }

    @Override
    public void close() {
        probe.close();
        clone.close();
    }
}
