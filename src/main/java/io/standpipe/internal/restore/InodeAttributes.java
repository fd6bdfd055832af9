// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.restore;

import io.standpipe.Image;
import io.standpipe.StandpipeException;
import io.standpipe.UnavailableException;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.FdCalls;
import io.standpipe.internal.sys.Stat;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import java.util.ArrayList;
import java.util.List;

/**
 * Gives pipes made anew the owner, group and mode of the saved ones. Last of all: from then on it may be that this process
 * could not open another end. A pipe that was saved as every new one is needs nothing, and is not asked.
 */
public final class InodeAttributes {

    private static final int PERMISSIONS = 07777;

    private final List<Image.Pipe> pipes = new ArrayList<>();
    private final List<Fd> ends = new ArrayList<>();
    private final Deviations deviations;
    private boolean newPipeSeen;
    private int newUid;
    private int newGid;
    private int newMode;

    InodeAttributes(Deviations deviations) {
        this.deviations = deviations;
    }

    /** Remembers an end of a pipe by which its inode can be reached. To be told of the first end of each. */
    void noteEnd(PipeEnds restoring, Image.Pipe pipe, Fd end) throws ErrnoException {
        if (restoring.isNew() && pipe.inode() != null && !(restoring.isPipe() && isAsNew(pipe.inode(), end))) {
            pipes.add(pipe);
            ends.add(end);
        }
    }

    /** What is true of one pipe that this thread has just made is true of all that it makes now. */
    private boolean isAsNew(Image.Inode state, Fd end) throws ErrnoException {
        if (!newPipeSeen) {
            Stat stat = new Stat().read(end.number());
            newUid = stat.uid();
            newGid = stat.gid();
            newMode = stat.mode() & PERMISSIONS;
            newPipeSeen = true;
        }
        return newUid == state.uid() && newGid == state.gid() && newMode == (state.mode() & PERMISSIONS);
    }

    void restoreAll() throws StandpipeException {
        Stat stat = pipes.isEmpty() ? null : new Stat();
        for (int i = 0; i < pipes.size(); i++) {
            restore(pipes.get(i), ends.get(i).number(), stat);
        }
    }

    private void restore(Image.Pipe pipe, int end, Stat stat) throws StandpipeException {
        Image.Inode state = pipe.inode();
        String what = "pipe " + pipe.objref();
        try {
            stat.read(end);
            if (stat.uid() != state.uid() || stat.gid() != state.gid()) {
                own(end, state, stat, what);
            }
            if ((stat.mode() & PERMISSIONS) != (state.mode() & PERMISSIONS)) {
                FdCalls.setInodeMode(end, state.mode() & PERMISSIONS);
            }
        } catch (ErrnoException e) {
            throw Failures.of(what, e);
        }
    }

    private void own(int end, Image.Inode state, Stat stat, String what)
            throws StandpipeException, ErrnoException {
        try {
            FdCalls.setInodeOwner(end, state.uid(), state.gid());
        } catch (ErrnoException e) {
            if (e.errno() != Errno.EPERM) {
                throw e;
            }
            deviations.accept(
                    what + ": belongs to user " + Integer.toUnsignedString(stat.uid()) + " and group "
                            + Integer.toUnsignedString(stat.gid()) + " instead of "
                            + Integer.toUnsignedString(state.uid()) + " and " + Integer.toUnsignedString(state.gid()),
                    new UnavailableException(
                            what + ": " + e.getMessage() + "; grant CAP_CHOWN, or go on without its owner: --best-effort",
                            e));
        }
    }
}
