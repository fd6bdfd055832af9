// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import io.standpipe.bridge.DescriptorCalls;
import io.standpipe.bridge.Errno;
import io.standpipe.bridge.ErrnoException;
import io.standpipe.bridge.Fd;
import io.standpipe.bridge.Stat;
import io.standpipe.image.Image;
import io.standpipe.image.PipeStateRecord;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * Gives pipes made anew the owner, group and mode of the saved ones. Last of all: from then on it may be that this process
 * could not open another end.
 */
final class Inode {

    private static final int PERMISSIONS = 07777;

    private final Map<Image.Pipe, Fd> ends = new IdentityHashMap<>();
    private final Stat stat = new Stat();
    private final Deviations deviations;

    Inode(Deviations deviations) {
        this.deviations = deviations;
    }

    /** Remembers one end of each pipe by which its inode can be reached. */
    void noteEnd(RestoringEnds restoring, Image.Pipe pipe, Fd end) {
        if (restoring.isNew() && pipe.state() != null) {
            ends.putIfAbsent(pipe, end);
        }
    }

    void restoreAll() throws StandpipeException {
        for (Map.Entry<Image.Pipe, Fd> entry : ends.entrySet()) {
            restore(entry.getKey(), entry.getValue().number());
        }
    }

    private void restore(Image.Pipe pipe, int end) throws StandpipeException {
        PipeStateRecord state = pipe.state();
        String what = "pipe " + pipe.objref();
        try {
            stat.read(end);
            if (stat.uid() != state.uid() || stat.gid() != state.gid()) {
                own(end, state, what);
            }
            if ((stat.mode() & PERMISSIONS) != (state.mode() & PERMISSIONS)) {
                DescriptorCalls.setInodeMode(end, state.mode() & PERMISSIONS);
            }
        } catch (ErrnoException e) {
            throw Failure.of(what, e);
        }
    }

    private void own(int end, PipeStateRecord state, String what) throws StandpipeException, ErrnoException {
        try {
            DescriptorCalls.setInodeOwner(end, state.uid(), state.gid());
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
