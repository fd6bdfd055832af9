// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.restore;

import io.standpipe.Image;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import io.standpipe.pipe.PipeFlags;
import io.standpipe.pipe.Pipes;




/**
 * A pipe made anew, with the ends that wait for their claimants. Each end is handed out once; whoever comes after gets a
 * new open file description of the same pipe. (The kernel patch handed the same end out again.)
 */
public final class NewPipe implements PipeEnds {

    private final int readNumber;
    private final int writeNumber;
    private Fd waitingRead;
    private Fd waitingWrite;

    private NewPipe(Fd readEnd, Fd writeEnd) {
        readNumber = readEnd.number();
        writeNumber = writeEnd.number();
        waitingRead = readEnd;
        waitingWrite = writeEnd;
    }

    static NewPipe create() throws ErrnoException {
        var ends = Pipes.pipe2(PipeFlags.O_CLOEXEC);
        return new NewPipe(ends.readEnd(), ends.writeEnd());
    }

    @Override
    public int writeEnd() {
        return writeNumber;
    }

    /**
     * A waiting end, once, for a description that pipe2 made; for any other a new one, opened through /proc/self/fd, which
     * cannot block: both first ends are open until the whole restore is done.
     */
    @Override
    public Fd claim(Image.Description description) throws ErrnoException {
        int accessMode = description.accessMode();
        boolean opened = (description.flags() & Flags.oLargeFile()) != 0;
        Fd claimed = null;
        if (!opened && accessMode == Flags.O_RDONLY) {
            claimed = waitingRead;
            waitingRead = null;
        } else if (!opened && accessMode == Flags.O_WRONLY) {
            claimed = waitingWrite;
            waitingWrite = null;
        }
        return claimed != null ? claimed : FileCalls.reopen(readNumber, accessMode);
    }

    @Override
    public boolean isNew() {
        return true;
    }

    @Override
    public boolean isPipe() {
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
