// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import io.standpipe.bridge.ErrnoException;
import io.standpipe.bridge.Fd;
import io.standpipe.bridge.FileCalls;
import io.standpipe.bridge.Flags;
import io.standpipe.bridge.PipeCalls;

/**
 * A pipe made anew, with the ends that wait for their claimants. Each end is handed out once; whoever comes after gets a
 * new open file description of the same pipe. (The kernel patch handed the same end out again.)
 */
final class RestoringPipe implements AutoCloseable {

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

    /** The write end, for filling the pipe before any end is claimed. */
    int writeEnd() {
        return writeNumber;
    }

    /**
     * An open file description with an access mode. A waiting end, once; after that a new one, opened through
     * /proc/self/fd, which cannot block: both first ends are open until the whole restore is done.
     */
    Fd claim(int accessMode) throws ErrnoException {
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

    /** Closes what nobody claimed: a reader whose writers are gone sees the end, as before. */
    @Override
    public void close() {
        if (waitingRead != null) {
            waitingRead.close();
        }
        if (waitingWrite != null) {
            waitingWrite.close();
        }
    }
}
