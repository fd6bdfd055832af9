// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.restore;

import io.standpipe.Image;
import io.standpipe.StandpipeException;
import io.standpipe.UnavailableException;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.FdCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.SignalOwner;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;

/**
 * Restores who is sent which signal of an open file description (F_SETOWN_EX, F_SETSIG, O_ASYNC): what took the place of the
 * saved process, or of its process group.
 */
public final class SignalOwners {

    private final PidMapping mapping;
    private final Deviations deviations;

    public SignalOwners(PidMapping mapping, Deviations deviations) {
        this.mapping = mapping;
        this.deviations = deviations;
    }

    /**
     * Restores the signals of a description, when nothing more happens to its pipe: whatever does may send one.
     *
     * @param savedFd of the description in the saved process
     */
    public void restore(Fd end, int savedFd, Image.Description description) throws StandpipeException {
        String what = "description " + description.objref();
        try {
            if (description.owner() != null) {
                restoreOwner(end, description.owner(), what);
            }
            if (isAsync(description)) {
                FdCalls.setStatusFlagsAt(
                        end.number(), mapping.savedFds() ? savedFd : end.number(),
                        FdCalls.statusFlags(end.number()) | Flags.O_ASYNC);
            }
        } catch (ErrnoException e) {
            throw Failures.of(what, e);
        }
    }

    /** Returns whether anything of a description's signals is to be restored. */
    public static boolean hasSignals(Image.Description description) {
        return description.owner() != null || isAsync(description);
    }

    /** Returns whether what happens to the description's pipe sends a signal. */
    static boolean isAsync(Image.Description description) {
        return (description.flags() & Flags.O_ASYNC) != 0;
    }

    /** Clears O_ASYNC, so that closing the fd sends no signal. */
    static void silence(Fd end) {
        try {
            FdCalls.setStatusFlags(
                    end.number(), FdCalls.statusFlags(end.number()) & ~Flags.O_ASYNC);
        } catch (ErrnoException e) {
            System.getLogger(SignalOwners.class.getName())
                    .log(System.Logger.Level.DEBUG, "cannot silence " + end, e);
        }
    }

    private void restoreOwner(Fd end, Image.Owner owner, String what) throws StandpipeException, ErrnoException {
        if (owner.signal() != 0) {
            FdCalls.setSignal(end.number(), owner.signal());
        }
        if (owner.id() == 0) {
            return;
        }
        boolean group = owner.type() == Image.Owner.Type.GROUP;
        Integer process = mapping.processes().get((int) owner.id());
        Integer replaced = group ? mapping.groups().get((int) owner.id()) : null;
        boolean hasGroup = replaced != null;
        // 0 as an owner would stand for nobody.
        if (replaced != null && replaced != 0) {
            FdCalls.setSignalOwner(end.number(), new SignalOwner(SignalOwner.GROUP, replaced));
        } else if (!group && process != null) {
            FdCalls.setSignalOwner(end.number(), new SignalOwner(owner.type().ordinal(), process));
        } else {
            deviations.accept(
                    what + ": sends its signals to nobody instead of " + owner.type() + " " + owner.id(),
                    new UnavailableException(what + ": sends its signals to " + owner.type() + " " + owner.id() + ", which "
                            + (hasGroup
                                    ? "this process's group cannot replace, since it is outside of its pid namespace; start it by"
                                            + " setsid, or"
                                    : "the image does not hold;")
                            + " go on without them: --best-effort"));
        }
    }
}
