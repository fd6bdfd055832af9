// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.proc;

import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.ProcessCalls;
import io.standpipe.internal.sys.RefusedCall;
import io.standpipe.internal.sys.Stat;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds out why this process may not trace another one, and so not copy its fds (PTRACE_MODE_ATTACH). */
public final class TraceRefusal {

    private static final int CAP_SYS_PTRACE = 19;

    private static final String PRIVILEGED = "as root with CAP_SYS_PTRACE";

    private TraceRefusal() {}

    /** Returns the reason why a process's fds may not be copied and what helps, to follow the error in a message. */
    public static String ofCopying(int pid) {
        String general = ofCopyingAny();
        return general == null ? explain(pid) : "; " + general;
    }

    /** Returns the reason why no process's fds may be copied, not even this one's, and what helps; null if that is not so. */
    public static @Nullable String ofCopyingAny() {
        ErrnoException refusal = ProcessCalls.refusalOfCopies();
        String explanation = refusal == null ? null : RefusedCall.explain(refusal);
        if (refusal == null || refusal.errno() != Errno.EPERM || !String.valueOf(refusal.getMessage()).startsWith("pidfd_getfd") || isPtraceGranted()) {
            return explanation;
        }
        return "a seccomp profile forbids pidfd_getfd: grant the container CAP_SYS_PTRACE, for which Docker's and containerd's profiles allow"
                + " it (docker run --cap-add SYS_PTRACE; in Kubernetes capabilities.add), or run outside of the container";
    }

    /** Engines make a profile by what the container is granted (its bounding set), whatever its processes have of that. */
    public static boolean isPtraceGranted() {
        try {
            long bounding = Long.parseUnsignedLong(ProcFile.readField("/proc/self/status", "CapBnd:"), 16);
            return (bounding >>> CAP_SYS_PTRACE & 1) != 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** Returns the reason why a process may not be looked at and what helps, to follow the error in a message. */
    public static String explain(int pid) {
        String scope = KernelLimits.limit(KernelLimits.PTRACE_SCOPE).orElse(0) == 0
                ? ""
                : "; " + KernelLimits.PTRACE_SCOPE + " also restricts it: set it to 0, or grant CAP_SYS_PTRACE";
        try {
            return reason(pid) + (UserNamespace.isInitial()
                    ? "" : "; what is outside of this user namespace is out of reach: run outside of it") + scope;
        } catch (IOException e) {
            return "; run as its user or as root" + scope;
        }
    }

    private static String reason(int pid) throws IOException {
        List<String> uids = ids(pid, "Uid:");
        List<String> own = ids(ProcessCalls.pid(), "Uid:");
        if (!uids.stream().allMatch(uids.get(0)::equals)) {
            return "; it runs a setuid program (uids " + String.join(", ", uids) + "): run " + PRIVILEGED;
        }
        if (!uids.get(0).equals(own.get(0))) {
            return "; it belongs to user " + user(pid, uids.get(0)) + ": run as that one, or " + PRIVILEGED;
        }
        if (!ids(pid, "Gid:").equals(ids(ProcessCalls.pid(), "Gid:"))) {
            return "; its group is another: run with that group, or " + PRIVILEGED;
        }
        long more = capabilities(pid) & ~ProcessStatus.effectiveCapabilities();
        if (more != 0) {
            return "; it has " + Capabilities.names(more) + ", which this process lacks: run with the same, or " + PRIVILEGED;
        }
        // The kernel gives the files of a process that is not dumpable to root.
        Stat status = Stat.ofName(FileCalls.CURRENT_DIRECTORY, "/proc/" + pid + "/status");
        if (status != null && !Integer.toUnsignedString(status.uid()).equals(uids.get(1))) {
            return "; it is not dumpable (PR_SET_DUMPABLE, or a program that has capabilities or may not be read): run " + PRIVILEGED;
        }
        return "; run as its user or as root";
    }

    /** Returns a process's user by name and number, or by the number alone if the name is unknown. */
    private static String user(int pid, String uid) {
        try {
            Path process = Path.of("/proc/" + pid);
            String name = Files.getOwner(process).getName();
            boolean known = uid.equals(String.valueOf(Files.getAttribute(process, "unix:uid"))) && !name.equals(uid);
            return known ? name + " (uid " + uid + ")" : uid;
        } catch (IOException e) {
            return uid;
        }
    }

    /** Returns the real, effective and saved id. */
    private static List<String> ids(int pid, String name) throws IOException {
        return Arrays.asList(ProcFile.readField("/proc/" + pid + "/status", name).split("\\s+")).subList(0, 3);
    }

    private static long capabilities(int pid) throws IOException {
        return Long.parseUnsignedLong(ProcFile.readField("/proc/" + pid + "/status", "CapPrm:"), 16);
    }
}
