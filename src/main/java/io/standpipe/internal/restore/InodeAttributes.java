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
import org.jspecify.annotations.Nullable;

/**
 * Sets owner, group and mode of pipes made anew, as the last step: afterwards this process may be unable to open another end.
 * Pipes that were saved with the attributes of any new pipe are left as they are.
 */
final class InodeAttributes {

    private static final int PERMISSIONS = 07777;

    private record Noted(int objref, Image.Inode saved, Fd end) {}

    private final Deviations deviations;
    private final List<Noted> noted = new ArrayList<>();
    /** Of the first new pipe: every pipe that this thread makes now has the same owner, group and mode. */
    private @Nullable Stat newPipe;

    InodeAttributes(Deviations deviations) {
        this.deviations = deviations;
    }

    /**
     * Notes a pipe that is to get its saved attributes.
     *
     * @param end the first that was claimed, through which the inode is accessed
     */
    void note(Image.Pipe pipe, UnclaimedEnds ends, Fd end) throws ErrnoException {
        Image.Inode saved = pipe.inode();
        if (saved != null && ends.isNew() && !(ends instanceof NewPipe && isLikeNewPipe(saved, end))) {
            noted.add(new Noted(pipe.objref(), saved, end));
        }
    }

    /** Notes a pipe that is to get its saved attributes, through one of its ends. */
    void note(Image.Pipe pipe, Fd end) {
        if (pipe.inode() != null) {
            noted.add(new Noted(pipe.objref(), pipe.inode(), end));
        }
    }

    private boolean isLikeNewPipe(Image.Inode saved, Fd end) throws ErrnoException {
        if (newPipe == null) {
            newPipe = Stat.of(end.number());
        }
        return hasOwner(newPipe, saved) && hasMode(newPipe, saved);
    }

    private static boolean hasOwner(Stat stat, Image.Inode saved) {
        return stat.uid() == (int) saved.uid() && stat.gid() == (int) saved.gid();
    }

    private static boolean hasMode(Stat stat, Image.Inode saved) {
        return (stat.mode() & PERMISSIONS) == (saved.mode() & PERMISSIONS);
    }

    /** Sets the attributes of all pipes that were noted. */
    void restoreAll() throws StandpipeException {
        for (Noted pipe : noted) {
            String what = "pipe " + pipe.objref();
            int fd = pipe.end().number();
            try {
                Stat stat = Stat.of(fd);
                if (!hasOwner(stat, pipe.saved())) {
                    setOwner(fd, pipe.saved(), stat, what);
                }
                if (!hasMode(stat, pipe.saved())) {
                    setMode(fd, pipe.saved(), stat, what);
                }
            } catch (ErrnoException e) {
                throw Failures.of(what, e);
            }
        }
    }

    private void setOwner(int fd, Image.Inode saved, Stat present, String what)
            throws StandpipeException, ErrnoException {
        try {
            FdCalls.setInodeOwner(fd, (int) saved.uid(), (int) saved.gid());
        } catch (ErrnoException e) {
            if (e.errno() != Errno.EPERM && e.errno() != Errno.EINVAL) {
                throw e;
            }
            String remedy = e.errno() == Errno.EPERM
                    ? "grant CAP_CHOWN"
                    : "one of them is not mapped in this user namespace: map it";
            deviations.accept(
                    what + ": belongs to user " + Integer.toUnsignedString(present.uid()) + " and group "
                            + Integer.toUnsignedString(present.gid()) + " instead of "
                            + saved.uid() + " and " + saved.gid(),
                    new UnavailableException(
                            what + ": its owner and group cannot be set; " + remedy + ", or go on without its owner: --best-effort"
                                    + " (in the library, Restore.bestEffort)",
                            e));
        }
    }

    /** Sets the mode, which needs a capability where the pipe has got another owner before. */
    private void setMode(int fd, Image.Inode saved, Stat present, String what) throws StandpipeException, ErrnoException {
        int mode = saved.mode() & PERMISSIONS;
        try {
            FdCalls.setInodeMode(fd, mode);
        } catch (ErrnoException e) {
            if (e.errno() != Errno.EPERM) {
                throw e;
            }
            deviations.accept(
                    what + ": has mode 0" + Integer.toOctalString(present.mode() & PERMISSIONS) + " instead of 0"
                            + Integer.toOctalString(mode),
                    new UnavailableException(
                            what + ": its mode cannot be set to 0" + Integer.toOctalString(mode) + "; grant CAP_FOWNER, or go on without its mode: --best-effort"
                                    + " (in the library, Restore.bestEffort)",
                            e));
        }
    }
}
