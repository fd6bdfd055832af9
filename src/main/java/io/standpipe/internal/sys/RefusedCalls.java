// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;

/**
 * Tells missing rights over another process from a system call that is refused whatever it is about, as a seccomp profile
 * does: the call is tried on this process, where no right is needed.
 */
public final class RefusedCalls {

    private interface Attempt {
        void on(Fd self) throws ErrnoException;
    }

    private RefusedCalls() {}

    /** Whether pidfd_getfd is refused even for a descriptor of this process. */
    public static boolean refusesGetFd() {
        return refuses(self -> ProcessCalls.pidfdGetFd(self.number(), self.number()).close());
    }

    /** Whether pidfd_send_signal is refused even for this process. */
    public static boolean refusesSendSignal() {
        return refuses(self -> ProcessCalls.sendSignal(self.number(), 0));
    }

    private static boolean refuses(Attempt attempt) {
        try (Fd self = ProcessCalls.pidfdOpen(ProcessCalls.pid())) {
            attempt.on(self);
            return false;
        } catch (ErrnoException e) {
            return e.errno() == Errno.EPERM;
        }
    }
}
