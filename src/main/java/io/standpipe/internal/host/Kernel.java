// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.host;

import io.standpipe.internal.proc.KernelLimits;
import io.standpipe.internal.proc.ProcessStatus;
import io.standpipe.internal.proc.TraceRefusal;
import io.standpipe.internal.sys.ProcessCalls;
import io.standpipe.internal.sys.Reasons;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import java.io.IOException;
import java.util.Set;

/**
 * The running kernel, and what stands between it and this process.
 *
 * @param isFiltered whether this process runs under a seccomp profile
 */
record Kernel(String release, boolean isFiltered, long capabilities) {

    static final int CAP_SYS_PTRACE = 19;
    static final int CAP_SYS_ADMIN = 21;
    static final int CAP_SYS_RESOURCE = 24;

    /** What profiles of engines allow to containers that have CAP_SYS_PTRACE. */
    private static final Set<String> WITH_PTRACE = Set.of("kcmp", "pidfd_getfd", "ptrace");

    static Kernel running() throws IOException {
        return new Kernel(ProcessCalls.kernelName().release(), ProcessStatus.isFiltered(), ProcessStatus.effectiveCapabilities());
    }

    boolean has(int capability) {
        return (capabilities >>> capability & 1) != 0;
    }

    /** Returns what helps where a call is refused: another kernel only if this one is too old for it. */
    String remedy(ErrnoException e, String since) {
        String call = Reasons.call(e);
        String allow = "allow " + call + (isFiltered ? " in the seccomp profile of this container"
                : " where a security module or a sandbox forbids it");
        if (isFiltered && WITH_PTRACE.contains(call) && !TraceRefusal.isPtraceGranted()) {
            allow += ", as those of Docker and containerd do with CAP_SYS_PTRACE (docker run --cap-add SYS_PTRACE)";
        }
        if (e.errno() == Errno.EPERM || e.errno() == Errno.EACCES) {
            return allow;
        }
        if (since.startsWith("CONFIG_")) {
            return with(since) + (isFiltered ? ", or " + allow : "");
        }
        return KernelLimits.isAtLeast(release, since) ? allow : with(since);
    }

    /** Returns what helps where something of files does not work: another kernel only if this one is too old for it. */
    String remedy(String since) {
        if (since.startsWith("CONFIG_") || !KernelLimits.isAtLeast(release, since)) {
            return with(since);
        }
        return isFiltered ? "allow it in the seccomp profile of this container" : "run outside of the sandbox that hides it";
    }

    /** Returns the remedy of a kernel that has what is missing. */
    static String with(String since) {
        return since.startsWith("CONFIG_") ? "a kernel with " + since : "Linux " + since + " or later";
    }
}
