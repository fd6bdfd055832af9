// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import io.standpipe.bridge.ErrnoException;
import io.standpipe.bridge.Fd;
import io.standpipe.bridge.Flags;
import io.standpipe.bridge.PipeCalls;
import io.standpipe.image.FileNameRecord;
import io.standpipe.image.FileRecord;
import io.standpipe.image.OwnerRecord;

/** An open file description found while collecting, with a descriptor by which to get at it. */
final class SavedDescription {

    final int objref;
    final int flags;
    final SavedPipe pipe;
    /** A copy made for the purpose; null where the descriptor itself is used. */
    final Fd copy;
    /** Null unless the pipe is a FIFO. */
    final FileNameRecord name;
    /** Null where nobody gets signals, and the signal is the usual one. */
    OwnerRecord owner;
    /** Of a FIFO's reader: no writer has come to it since it was opened. */
    boolean metNoWriter;

    private final int number;

    /** Got at by a copy. */
    SavedDescription(int objref, int flags, SavedPipe pipe, Fd copy, FileNameRecord name) {
        this(objref, flags, pipe, copy, -1, name);
    }

    /** An anonymous pipe's, got at by a descriptor that is not ours to close. */
    static SavedDescription at(int number, int objref, int flags, SavedPipe pipe) {
        return new SavedDescription(objref, flags, pipe, null, number, null);
    }

    private SavedDescription(int objref, int flags, SavedPipe pipe, Fd copy, int number, FileNameRecord name) {
        this.objref = objref;
        this.flags = flags;
        this.pipe = pipe;
        this.copy = copy;
        this.number = number;
        this.name = name;
    }

    /** A descriptor of this process by which to get at it. */
    int number() {
        return copy == null ? number : copy.number();
    }

    /** Lets go of the copy, if there is one. */
    void release() {
        if (copy != null) {
            copy.close();
        }
    }

    /** Finds out, of a FIFO's only reader, whether poll tells it of a hang-up: it does once a writer came and went. */
    void lookForHangUp() throws ErrnoException {
        if (name != null && accessMode() == Flags.O_RDONLY && !pipe.has(Flags.O_WRONLY)) {
            metNoWriter = (PipeCalls.poll(number(), 0) & Flags.POLLHUP) == 0;
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
