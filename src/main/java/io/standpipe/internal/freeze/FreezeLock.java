// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.freeze;

import io.standpipe.internal.sys.FileCalls;
import io.standpipe.pipe.ErrnoException;


import java.io.IOException;

/**
 * Keeps others away who are to have the same processes stand still: they would let them run again while their standing still is
 * counted on, or take them for stopped by their user. It is a lock of a file of /proc or a cgroup that nobody can open who may
 * not have them stand still, and ends when that is closed.
 */
public final class FreezeLock implements StandStill.Awaited {

    private final int fd;
    private final String what;

    private FreezeLock(int fd, String what) {
        this.fd = fd;
        this.what = what;
    }

    /**
     * Takes it, and waits for whoever has it.
     *
     * @param what is to stand still
     * @throws FreezeException if that takes too long
     */
    static void take(int fd, String what) throws IOException {
        StandStill.await(new FreezeLock(fd, what));
    }

    /** A kernel that has no locks there is done without. */
    @Override
    public int moving() {
        try {
            return FileCalls.lock(fd) ? 0 : 1;
        } catch (ErrnoException e) {
            return 0;
        }
    }

    @Override
    public String complaint(int moving) {
        return what + ": somebody else is taking a checkpoint of it";
    }
}
