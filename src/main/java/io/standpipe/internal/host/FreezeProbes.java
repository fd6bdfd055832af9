// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.host;

import static io.standpipe.HostFinding.Level.LIMITED;

import io.standpipe.Freeze;
import io.standpipe.internal.exec.Command;
import io.standpipe.internal.exec.GatedCommands;
import io.standpipe.internal.freeze.Freezer;
import io.standpipe.internal.freeze.PtraceRefusedException;
import io.standpipe.internal.host.Findings.Feature;
import io.standpipe.internal.proc.CgroupFreezer;
import io.standpipe.internal.proc.KernelLimits;
import io.standpipe.internal.sys.CommandSettings;
import io.standpipe.internal.sys.ProcessCalls;
import io.standpipe.internal.sys.Reasons;
import io.standpipe.internal.sys.TeeBatch;
import io.standpipe.internal.sys.WaitLimit;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** The ways of freezing processes. */
final class FreezeProbes {

    private static final String UNFROZEN = "each pipe is saved as of an instant of its own, unless --freeze names another way";

    private static final Feature PTRACE = new Feature("ptrace", "3.4", LIMITED, "freezes without a signal", UNFROZEN);
    private static final Feature SIGNAL = new Feature("pidfd_send_signal", "5.1", LIMITED,
            "freezes by SIGSTOP (--freeze stop), and ends the old process of a swap", "--freeze stop and swap are refused");

    private static final Feature CHILDREN = new Feature("/proc/PID/task/TID/children", "CONFIG_PROC_CHILDREN", LIMITED,
            "finds the child for which a process waits in vfork", "is not there: a process that waits in vfork cannot be frozen by ptrace");
    private static final Feature CGROUP = new Feature("cgroup.freeze", "5.2", LIMITED, "--freeze cgroup", "--freeze cgroup is refused");

    private static final int NO_SIGNAL = 0;

    private FreezeProbes() {}

    static void run(Findings findings, Kernel kernel) throws IOException {
        ptrace(findings, kernel);
        findings.attempt(SIGNAL, () -> {
            try (Fd self = ProcessCalls.pidfdOpen(ProcessCalls.pid())) {
                ProcessCalls.signal(self, NO_SIGNAL);
            }
        });
        cgroups(findings);
        findings.found(CHILDREN, Files.isReadable(Path.of("/proc/thread-self/children")));
    }

    /** Freezes a child that waits at a gate, and never becomes a command. Yama treats it like a process that is no child. */
    private static void ptrace(Findings findings, Kernel kernel) throws IOException {
        try (GatedCommands children = GatedCommands.open(); Freezer freezer = new Freezer(Freeze.PTRACE, WaitLimit.NONE)) {
            Command none = new Command(List.of("none"), "/dev/null");
            freezer.prepare(List.of(children.add(none, Map.of(), Set.of(), CommandSettings.NONE)));
            freezer.capture(new TeeBatch(0), List.of());
            findings.ok(PTRACE.name(), PTRACE.use());
        } catch (PtraceRefusedException e) {
            boolean scoped = KernelLimits.limit(KernelLimits.PTRACE_SCOPE).orElse(0) > 0 && !kernel.has(Kernel.CAP_SYS_PTRACE);
            ErrnoException cause = (ErrnoException) Objects.requireNonNull(e.getCause());
            findings.limited(PTRACE.name(), Reasons.of(cause) + ": " + UNFROZEN, scoped
                    ? "set " + KernelLimits.PTRACE_SCOPE + " to 0, or grant CAP_SYS_PTRACE"
                    : kernel.remedy(cause, PTRACE.since()));
        } catch (IOException e) {
            findings.limited(PTRACE.name(), "not tried: " + Reasons.of(e), UNFROZEN);
        }
    }

    private static void cgroups(Findings findings) throws IOException {
        List<String> usable = new ArrayList<>();
        List<String> others = new ArrayList<>();
        for (boolean isV2 : new boolean[] {true, false}) {
            CgroupFreezer freezer = CgroupFreezer.find(isV2);
            (freezer.isUsable() ? usable : others).add(freezer.describe());
        }
        if (usable.isEmpty()) {
            findings.limited(CGROUP.name(), String.join(", ", others) + ": " + CGROUP.otherwise(),
                    "run as root where a hierarchy with a freezer is mounted, or have a cgroup delegated");
        } else {
            usable.addAll(others);
            findings.ok(CGROUP.name(), CGROUP.use() + ": " + String.join(", ", usable));
        }
    }
}
