// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.restore;

import io.standpipe.Image;
import io.standpipe.StandpipeException;
import io.standpipe.UnavailableException;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.FdCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.ProcessCalls;
import io.standpipe.internal.sys.SignalOwner;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;




/**
 * Restores who gets which signal of an open file description (F_SETOWN_EX, F_SETSIG, O_ASYNC): whoever took the place of the
 * saved process, or of its group.
 */
public final class SignalOwners {

    private final PidMapping targets;
    private final Deviations deviations;

    public SignalOwners(PidMapping targets, Deviations deviations) {
        this.targets = targets;
        this.deviations = deviations;
    }

    /**
     * To be done when nothing more happens to the pipe: whatever does may send the signal.
     *
     * @param number which the descriptor had
     */
    public void restore(Fd end, int number, Image.Description description) throws StandpipeException {
        String what = "description " + description.objref();
        try {
            if (description.owner() != null) {
                restoreOwner(end, description.owner(), what);
            }
            if (isAsync(description)) {
                FdCalls.setStatusFlagsAt(
                        end.number(), targets.oldNumbers() ? number : end.number(),
                        FdCalls.statusFlags(end.number()) | Flags.O_ASYNC);
            }
        } catch (ErrnoException e) {
            throw Failures.of(what, e);
        }
    }

    /** Whether there is anything to restore of a description's signals. */
    public static boolean isKept(Image.Description description) {
        return description.owner() != null || isAsync(description);
    }

    /** Whether something that happens to the description's pipe sends a signal. */
    public static boolean isAsync(Image.Description description) {
        return (description.flags() & Flags.O_ASYNC) != 0;
    }

    /** Keeps a description from sending signals while it is closed here. */
    public static void silence(Fd end) {
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
        boolean group = owner.type() == Image.Owner.GROUP;
        if (group && targets.groups().contains(owner.id())) {
            FdCalls.setSignalOwner(end.number(), new SignalOwner(SignalOwner.GROUP, ProcessCalls.processGroup()));
        } else if (!group && targets.processes().containsKey(owner.id())) {
            FdCalls.setSignalOwner(
                    end.number(), new SignalOwner(owner.type(), targets.processes().get(owner.id())));
        } else {
            String kind = new String[] {"thread", "process", "process group"}[owner.type()];
            deviations.accept(
                    what + ": sends its signals to nobody instead of " + kind + " " + owner.id(),
                    new UnavailableException(what + ": sends its signals to " + kind + " " + owner.id()
                            + ", which the image does not hold; go on without them: --best-effort"));
        }
    }

}
