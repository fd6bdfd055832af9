// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.host;

import static io.standpipe.HostFinding.Level.LIMITED;
import static io.standpipe.HostFinding.Level.MISSING;

import io.standpipe.internal.host.Findings.Feature;
import io.standpipe.internal.pipes.MergeRoomProbe;
import io.standpipe.internal.pipes.PipePair;
import io.standpipe.internal.pipes.TeePipe;
import io.standpipe.internal.proc.KernelLimits;
import io.standpipe.internal.proc.UserNamespace;
import io.standpipe.internal.sys.FdCalls;
import io.standpipe.internal.sys.FdInfo;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.FileDescriptionCalls;
import io.standpipe.internal.sys.NativeMemory;
import io.standpipe.internal.sys.ProcessCalls;
import io.standpipe.internal.sys.Stat;
import io.standpipe.internal.sys.TeeBatch;
import io.standpipe.pipe.Fd;
import io.standpipe.pipe.PipeFlags;
import io.standpipe.pipe.Pipes;
import java.io.IOException;

/** What a checkpoint needs, but for freezing. */
final class SaveProbes {

    private static final Feature TEE = new Feature("tee", "2.6.17", MISSING,
            "copies what is queued and consumes nothing", "nothing can be saved");
    private static final Feature SPLICE = new Feature("splice", "2.6.17", MISSING,
            "moves bytes between pipes and images", "nothing can be saved or restored");
    private static final Feature GETFD = new Feature("pidfd_getfd", "5.6", MISSING,
            "copies descriptors of other processes", "only pipes of the calling process can be saved");
    private static final Feature THREAD = new Feature("PIDFD_THREAD", "6.9", LIMITED,
            "reaches descriptors that the leading thread does not have",
            "a process whose leading thread has ended, or of which a thread has a table of its own, is refused");
    private static final Feature KCMP = new Feature("kcmp", "CONFIG_KCMP", LIMITED,
            "tells which descriptors share a description, and which processes share a table",
            "epoll compares descriptions instead, and processes that share a table are saved like two");
    private static final Feature LAST_SLOT = new Feature("last buffer", "6.15", LIMITED,
            "what that of a full pipe still takes is measured", "what that of a full pipe still takes is deduced");
    private static final Feature FD_SIZE = new Feature("/proc/PID/fd", "6.2", LIMITED,
            "its size is the number of open descriptors",
            "its size is 0: whether a file was opened or closed meanwhile is seen behind the freeze, by listing");
    private static final Feature INODE = new Feature("/proc/PID/fdinfo", "5.14", LIMITED,
            "has inode numbers, by which a FIFO is known under other names",
            "has no inode numbers: who holds a FIFO by another name is not found");

    private SaveProbes() {}

    static void run(Findings findings, Kernel kernel) throws IOException {
        int pid = ProcessCalls.pid();
        findings.attempt(TEE, () -> {
            try (PipePair from = PipePair.open(); TeePipe into = new TeePipe()) {
                into.take(TeeBatch.By.READ_END, from.readFd(), "an empty pipe");
            }
        });
        findings.attempt(SPLICE, SaveProbes::splice);
        findings.attempt(GETFD, () -> {
            try (PipePair pipe = PipePair.open();
                    Fd process = ProcessCalls.pidfdOpen(pid);
                    Fd copy = ProcessCalls.pidfdGetFd(process.number(), pipe.readFd())) {
                Pipes.queuedBytes(copy.number());
            }
        });
        otherProcesses(findings, kernel);
        findings.attempt(THREAD, () -> ProcessCalls.pidfdOpenThread(ProcessCalls.thread()).close());
        findings.attempt(KCMP, () -> {
            try (PipePair pipe = PipePair.open(); Fd copy = FdCalls.duplicate(pipe.readFd())) {
                FileDescriptionCalls.compare(pid, pipe.readFd(), copy.number());
            }
        });
        findings.found(LAST_SLOT, MergeRoomProbe.isSupported());
        Stat fds = Stat.ofName(FileCalls.CURRENT_DIRECTORY, "/proc/self/fd/");
        findings.found(FD_SIZE, fds != null && fds.sizeBytes() > 0);
        try (PipePair pipe = PipePair.open()) {
            findings.found(INODE, FdInfo.of(pid, pipe.readFd()).inode() != 0);
        }
    }

    private static void splice() throws IOException {
        try (PipePair from = PipePair.open(); PipePair to = PipePair.open()) {
            FileCalls.write(from.writeFd(), NativeMemory.nativeOrder(1), 0, 1);
            Pipes.splice(from.readFd(), to.writeFd(), 1, PipeFlags.SPLICE_F_NONBLOCK);
        }
    }

    private static void otherProcesses(Findings findings, Kernel kernel) throws IOException {
        String name = "other processes";
        long scope = KernelLimits.limit(KernelLimits.PTRACE_SCOPE).orElse(0);
        boolean privileged = kernel.has(Kernel.CAP_SYS_PTRACE);
        String scopeIs = KernelLimits.PTRACE_SCOPE + " is " + scope + ": ";
        if (scope > 2) {
            findings.missing(name, scopeIs + "none may be looked at", "boot without that setting, which nothing takes back");
        } else if (privileged && UserNamespace.isInitial()) {
            findings.ok(name, "CAP_SYS_PTRACE: those of every user");
        } else if (privileged) {
            findings.limited(name, "CAP_SYS_PTRACE: those of this user namespace", "run outside of it for others");
        } else if (scope > 0) {
            findings.missing(name, scopeIs + (scope == 1 ? "its own children at most" : "none may be looked at"),
                    "set it to 0, or grant CAP_SYS_PTRACE");
        } else {
            findings.limited(name, "those of the same user", "run as root for those of others");
        }
    }
}
