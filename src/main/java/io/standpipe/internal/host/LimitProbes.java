// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.host;

import io.standpipe.internal.proc.KernelLimits;
import io.standpipe.internal.proc.UserNamespace;
import io.standpipe.internal.sys.ProcessCalls;
import java.io.IOException;
import java.util.OptionalLong;

/** The kernel's name, and limits of this user. */
final class LimitProbes {

    private LimitProbes() {}

    static void run(Findings findings, Kernel kernel) throws IOException {
        findings.ok("kernel", "Linux " + kernel.release() + ", " + System.getProperty("os.arch")
                + (kernel.isFiltered() ? ", under a seccomp profile" : ""));
        findings.limited("descriptors", "up to " + ProcessCalls.descriptorLimit() + " open",
                "raise ulimit -n for more: a checkpoint holds one for each open file description");
        capacity(findings, kernel);
    }

    /** The kernel asks for the capabilities of the initial user namespace: those of another one raise no limit. */
    private static void capacity(Findings findings, Kernel kernel) throws IOException {
        boolean isInitial = UserNamespace.isInitial();
        if (isInitial && kernel.has(Kernel.CAP_SYS_RESOURCE)) {
            findings.ok("pipe capacity", "CAP_SYS_RESOURCE: any");
            return;
        }
        OptionalLong most = KernelLimits.limit(KernelLimits.PIPE_MAX_SIZE);
        findings.limited("pipe capacity", "up to " + (most.isPresent() ? most.getAsLong() : "?") + " bytes",
                "raise " + KernelLimits.PIPE_MAX_SIZE + " for pipes that are larger");
        OptionalLong pages = KernelLimits.limit(KernelLimits.PIPE_USER_PAGES_SOFT);
        if (pages.orElse(0) > 0 && !(isInitial && kernel.has(Kernel.CAP_SYS_ADMIN))) {
            findings.limited("pipe pages", pages.getAsLong() + " pages for all pipes of this user",
                    "raise " + KernelLimits.PIPE_USER_PAGES_SOFT + " for more");
        } else {
            findings.ok("pipe pages", "not bounded for this user");
        }
    }
}
