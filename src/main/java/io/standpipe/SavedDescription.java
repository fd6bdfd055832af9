// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import io.standpipe.bridge.ErrnoException;
import io.standpipe.bridge.Fd;
import io.standpipe.bridge.Flags;
import io.standpipe.bridge.PipeCalls;
import io.standpipe.image.FileNameRecord;
import io.standpipe.image.FileRecord;
import io.standpipe.image.OwnerRecord;

/** An open file description found while collecting, with a copy of one of its descriptors. */
final class SavedDescription {

    final int objref;
    final int flags;
    final SavedPipe pipe;
    final Fd copy;
    /** Null unless the pipe is a FIFO. */
    final FileNameRecord name;
    /** Null where nobody gets signals, and the signal is the usual one. */
    OwnerRecord owner;
    /** Of a FIFO's reader: no writer has come to it since it was opened. */
    boolean metNoWriter;

    SavedDescription(int objref, int flags, SavedPipe pipe, Fd copy, FileNameRecord name) {
        this.objref = objref;
        this.flags = flags;
        this.pipe = pipe;
        this.copy = copy;
        this.name = name;
    }

    /** Finds out, of a FIFO's only reader, whether poll tells it of a hang-up: it does once a writer came and went. */
    void lookForHangUp() throws ErrnoException {
        if (name != null && accessMode() == Flags.O_RDONLY && !pipe.has(Flags.O_WRONLY)) {
            metNoWriter = (PipeCalls.poll(copy.number(), 0) & Flags.POLLHUP) == 0;
        }
    }

    /** The record of it. */
    FileRecord record() {
        return new FileRecord(
                name == null ? FileRecord.TYPE_PIPE : FileRecord.TYPE_FIFO, FileRecord.modeOf(flags), flags,
                metNoWriter ? 1 : 0, pipe.objref);
    }

    int accessMode() {
        return flags & Flags.O_ACCMODE;
    }
}
