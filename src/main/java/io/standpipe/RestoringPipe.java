// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import io.standpipe.bridge.ErrnoException;
import io.standpipe.bridge.Fd;
import io.standpipe.bridge.FileCalls;
import io.standpipe.bridge.Flags;
import io.standpipe.bridge.PipeCalls;
import io.standpipe.image.FileRecord;

/**
 * A pipe made anew, with the ends that wait for their claimants. Each end is handed out once; whoever comes after gets a
 * new open file description of the same pipe. (The kernel patch handed the same end out again.)
 */
final class RestoringPipe implements RestoringEnds {

    private final int readNumber;
    private final int writeNumber;
    private Fd waitingRead;
    private Fd waitingWrite;

    private RestoringPipe(Fd readEnd, Fd writeEnd) {
        readNumber = readEnd.number();
        writeNumber = writeEnd.number();
        waitingRead = readEnd;
        waitingWrite = writeEnd;
    }

    static RestoringPipe create() throws ErrnoException {
        long ends = PipeCalls.pipe();
        return new RestoringPipe(Fd.owning(PipeCalls.readEnd(ends)), Fd.owning(PipeCalls.writeEnd(ends)));
    }

    @Override
    public int writeEnd() {
        return writeNumber;
    }

    /**
     * A waiting end, once; after that a new one, opened through
     * /proc/self/fd, which cannot block: both first ends are open until the whole restore is done.
     */
    @Override
    public Fd claim(FileRecord file) throws ErrnoException {
        int accessMode = file.accessMode();
        Fd claimed;
        if (accessMode == Flags.O_RDONLY && waitingRead != null) {
            claimed = waitingRead;
            waitingRead = null;
        } else if (accessMode == Flags.O_WRONLY && waitingWrite != null) {
            claimed = waitingWrite;
            waitingWrite = null;
        } else {
            claimed = FileCalls.reopen(accessMode == Flags.O_WRONLY ? writeNumber : readNumber, accessMode);
        }
        return claimed;
    }

    @Override
    public boolean isNew() {
        return true;
    }

    @Override
    public void close() {
        release();
    }

    @Override
    public void release() {
        if (waitingRead != null) {
            waitingRead.close();
        }
        if (waitingWrite != null) {
            waitingWrite.close();
        }
    }
}
