// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.checkpoint;

import io.standpipe.Image;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.PipeCalls;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import org.jspecify.annotations.Nullable;

/** An open file description that is to be saved, with a duplicate of one of its fds by which it is accessed. */
final class OpenDescription {

    private final int objref;
    private final int flags;
    private final OpenPipe pipe;
    private final Fd duplicate;
    private final byte @Nullable [] path;
    private final Image.@Nullable Owner owner;
    private boolean metNoWriter;

    /** @param path of a FIFO; null for an anonymous pipe */
    OpenDescription(
            int objref, int flags, OpenPipe pipe, Fd duplicate, byte @Nullable [] path, Image.@Nullable Owner owner) {
        this.objref = objref;
        this.flags = flags;
        this.pipe = pipe;
        this.duplicate = duplicate;
        this.path = path;
        this.owner = owner;
    }

    OpenPipe pipe() {
        return pipe;
    }

    int flags() {
        return flags;
    }

    int accessMode() {
        return flags & Flags.O_ACCMODE;
    }

    byte @Nullable [] path() {
        return path;
    }

    /** Returns the duplicate, which belongs to this process. */
    Fd duplicate() {
        return duplicate;
    }

    /**
     * Polls the only reader of a FIFO for a hang-up, which the kernel reports once a writer has come and gone. To be called when all
     * descriptions are known, and before this process opens or closes an end.
     */
    void pollForHangUp() throws ErrnoException {
        if (path != null && accessMode() == Flags.O_RDONLY && !pipe.has(Flags.O_WRONLY)) {
            metNoWriter = (PipeCalls.poll(duplicate.number(), 0) & Flags.POLLHUP) == 0;
        }
    }

    /** Returns the description as the image has it. */
    Image.Description describe() {
        return new Image.Description(objref, flags, metNoWriter, path, owner, pipe.objref());
    }
}
