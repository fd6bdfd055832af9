// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Says what helps where a call fails that needs no right: a seccomp profile forbids it, or the kernel or sandbox does not have it. */
public final class RefusedCall {

    /** The kernel itself answers these with EPERM to nobody: pidfd_getfd for an fd of one's own, openat2 for what is not written. */
    private static final Set<String> FREE =
            Set.of("tee", "splice", "vmsplice", "pipe2", "pidfd_open", "pidfd_getfd", "openat2", "memfd_create", "epoll_create1", "clone",
                    "fork");

    private RefusedCall() {}

    /** Returns the reason and the remedy; null if the call failed for a reason of another kind. */
    public static @Nullable String explain(ErrnoException e) {
        String call = Reasons.call(e).split(" ", 2)[0];
        if (e.errno() == Errno.EPERM && FREE.contains(call)) {
            return "a seccomp profile forbids " + call + ": run with one that allows it (docker run --security-opt seccomp=FILE; in"
                    + " Kubernetes a seccompProfile), or run outside of the container";
        }
        return e.errno() != Errno.ENOSYS ? null
                : "this kernel does not have " + call + ", or a sandbox or seccomp profile hides it: standpipe check tells from which version"
                        + " on Linux has it, or run outside of the container";
    }
}
