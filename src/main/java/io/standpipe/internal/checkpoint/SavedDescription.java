// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.checkpoint;

import io.standpipe.internal.format.FileNameRecord;
import io.standpipe.internal.format.FileRecord;
import io.standpipe.internal.format.ImageWriter;
import io.standpipe.internal.format.OwnerRecord;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.PipeCalls;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;



import java.io.IOException;

/** An open file description found while collecting, with a descriptor by which to get at it. Used again for another one. */
public final class SavedDescription {

    private int objref;
    private int flags;
    private SavedPipe pipe;
    private Fd copy;
    private FileNameRecord name;
    private OwnerRecord owner;
    private boolean metNoWriter;

    /**
     * One that was just met.
     *
     * @param newName null unless the pipe is a FIFO
     */
    void begin(int newObjref, int newFlags, SavedPipe newPipe, Fd newCopy, FileNameRecord newName) {
        objref = newObjref;
        flags = newFlags;
        pipe = newPipe;
        copy = newCopy;
        name = newName;
        owner = null;
        metNoWriter = false;
    }

    int objref() {
        return objref;
    }

    int flags() {
        return flags;
    }

    public SavedPipe pipe() {
        return pipe;
    }

    /** A copy made for the purpose. */
    Fd copy() {
        return copy;
    }

    /** Null unless the pipe is a FIFO. */
    FileNameRecord name() {
        return name;
    }

    /** Null where nobody gets signals, and the signal is the usual one. */
    OwnerRecord owner() {
        return owner;
    }

    void setOwner(OwnerRecord found) {
        owner = found;
    }

    /** A descriptor of this process by which to get at it. */
    int number() {
        return copy.number();
    }

    /** Lets go of the copy, if there is one. */
    void release() {
        copy.close();
    }

    /** Finds out, of a FIFO's only reader, whether poll tells it of a hang-up: it does once a writer came and went. */
    void lookForHangUp() throws ErrnoException {
        if (name != null && accessMode() == Flags.O_RDONLY && !pipe.has(Flags.O_WRONLY)) {
            metNoWriter = (PipeCalls.poll(number(), 0) & Flags.POLLHUP) == 0;
        }
    }

    /** The record of it. */
    FileRecord record() {
        return new FileRecord(fileType(), FileRecord.modeOf(flags), flags, version(), pipe.objref());
    }

    /** Adds that record to an image. */
    void writeTo(ImageWriter writer) throws IOException {
        FileRecord.write(writer, fileType(), FileRecord.modeOf(flags), flags, version(), pipe.objref());
    }

    private int fileType() {
        return name == null ? FileRecord.TYPE_PIPE : FileRecord.TYPE_FIFO;
    }

    private long version() {
        return metNoWriter ? 1 : 0;
    }

    int accessMode() {
        return flags & Flags.O_ACCMODE;
    }
}
