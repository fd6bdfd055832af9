// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import io.standpipe.internal.jni.NativeLibrary;
import io.standpipe.internal.pipes.PipePair;
import io.standpipe.internal.pipes.TeePipe;
import io.standpipe.internal.proc.KernelLimits;
import io.standpipe.internal.proc.ProcessStatus;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.FdCalls;
import io.standpipe.internal.sys.FileDescriptionCalls;
import io.standpipe.internal.sys.ProcessCalls;
import io.standpipe.internal.sys.Reasons;
import io.standpipe.internal.sys.TeeBatch;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import io.standpipe.pipe.Pipes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Tries what a checkpoint and a restore need of this kernel, these limits and permissions.
 *
 * @since 0.1
 */
public final class HostCheck {

    private static final int CAP_SYS_PTRACE = 19;
    private static final int CAP_SYS_ADMIN = 21;
    private static final int CAP_SYS_RESOURCE = 24;

    /** What a finding means for checkpoint and restore. */
    public enum Level {
        /** Works. */
        OK,
        /** Works up to a limit that some users reach. */
        LIMITED,
        /** Does not work: a part of checkpoint or restore is not possible. */
        MISSING
    }

    /**
     * One thing that was tried.
     *
     * @param name of what was tried, such as a system call or a limit
     * @param detail what was found
     * @param remedy what would help; empty if nothing is needed
     */
    public record Finding(String name, Level level, String detail, String remedy) {}

    private interface Attempt {
        void run() throws IOException;
    }

    private final List<Finding> findings = new ArrayList<>();
    private final long capabilities;

    private HostCheck(long capabilities) {
        this.capabilities = capabilities;
    }

    /**
     * Returns whether Standpipe's native library is loaded, or can be: whether anything here works at all. This loads it. What else
     * the kernel, limits and permissions allow, {@link #run} says.
     */
    public static boolean isAvailable() {
        return NativeLibrary.failure() == null;
    }

    /**
     * Returns why the native library cannot be loaded: what all methods that need it throw, its message with the remedy. Empty if it
     * is loaded.
     */
    public static Optional<UnavailableException> unavailabilityCause() {
        return Optional.ofNullable(NativeLibrary.failure());
    }

    /**
     * Names the native library's file for this copy of Standpipe alone, that is, for this class loader. It is loaded at the next use,
     * in place of what {@code -Dstandpipe.library.path} names or the jar has; once a library is loaded, this changes nothing.
     */
    public static void useLibrary(Path file) {
        NativeLibrary.name(file.toAbsolutePath().toString());
    }

    /**
     * Tries what a checkpoint and a restore need. Nothing that is made for this is left.
     *
     * @throws UnavailableException if the native library cannot be loaded
     * @throws StandpipeException if /proc cannot be read
     */
    public static List<Finding> run() throws StandpipeException {
        NativeLibrary.require();
        try {
            HostCheck check = new HostCheck(ProcessStatus.effectiveCapabilities());
            check.calls();
            check.otherProcesses();
            check.limits();
            return check.findings;
        } catch (IOException e) {
            throw Failures.of("cannot look at this system", e);
        }
    }

    private void calls() throws IOException {
        int pid = ProcessCalls.pid();
        add("kernel", Level.OK, "Linux " + ProcessCalls.kernelName().release() + ", " + System.getProperty("os.arch"), "");
        tryCall("tee", "saves without consuming", "a kernel, or a seccomp profile, that allows tee", () -> {
            try (PipePair from = PipePair.open(); TeePipe into = new TeePipe()) {
                into.take(TeeBatch.By.READ_END, from.readFd(), "an empty pipe");
            }
        });
        tryCall("pidfd_getfd", "copies descriptors of other processes", "Linux 5.6 or later", () -> {
            try (PipePair pipe = PipePair.open();
                    Fd process = ProcessCalls.pidfdOpen(pid);
                    Fd copy = ProcessCalls.pidfdGetFd(process.number(), pipe.readFd())) {
                Pipes.queuedBytes(copy.number());
            }
        });
        kcmp(pid);
    }

    /** Without kcmp, epoll does the same for all processes that do not share an fd table. */
    private void kcmp(int pid) throws IOException {
        try (PipePair pipe = PipePair.open(); Fd copy = FdCalls.duplicate(pipe.readFd())) {
            FileDescriptionCalls.compare(pid, pipe.readFd(), copy.number());
            add("kcmp", Level.OK, "tells dup'ed descriptors from reopened ones", "");
        } catch (ErrnoException e) {
            if (addedWantOfDescriptors("kcmp", e)) {
                return;
            }
            add("kcmp", Level.LIMITED, Reasons.of(e), "epoll tells dup'ed descriptors from reopened ones instead; for processes"
                    + " that share one table, a kernel with CONFIG_KCMP, or a seccomp profile that allows kcmp");
        }
    }

    private void tryCall(String name, String detail, String remedy, Attempt attempt) throws IOException {
        try {
            attempt.run();
            add(name, Level.OK, detail, "");
        } catch (ErrnoException | StandpipeException e) {
            if (!addedWantOfDescriptors(name, e)) {
                add(name, Level.MISSING, Reasons.of(e), remedy);
            }
        }
    }

    /** Nothing is known of a call that was not made. */
    private boolean addedWantOfDescriptors(String name, IOException e) {
        boolean want = Reasons.isWantOfDescriptors(e);
        if (want) {
            add(name, Level.MISSING, "not tried: too many descriptors are open", "raise the limit with ulimit -n");
        }
        return want;
    }

    private void otherProcesses() {
        OptionalLong scope = KernelLimits.limit(KernelLimits.PTRACE_SCOPE);
        if (has(CAP_SYS_PTRACE)) {
            add("other processes", Level.OK, "CAP_SYS_PTRACE: those of every user", "");
        } else if (scope.orElse(0) == 0) {
            add("other processes", Level.LIMITED, "those of the same user", "run as root for those of others");
        } else {
            add("other processes", Level.MISSING, KernelLimits.PTRACE_SCOPE + " is " + scope.getAsLong(),
                    "set it to 0, or grant CAP_SYS_PTRACE");
        }
    }

    private void limits() throws IOException {
        OptionalLong most = KernelLimits.limit(KernelLimits.PIPE_MAX_SIZE);
        if (has(CAP_SYS_RESOURCE)) {
            add("pipe capacity", Level.OK, "CAP_SYS_RESOURCE: any", "");
        } else {
            add("pipe capacity", Level.LIMITED, "up to " + (most.isPresent() ? most.getAsLong() : "?") + " bytes",
                    "raise " + KernelLimits.PIPE_MAX_SIZE + " for pipes that are larger");
            OptionalLong pages = KernelLimits.limit(KernelLimits.PIPE_USER_PAGES_SOFT);
            boolean bounded = pages.isPresent() && pages.getAsLong() > 0 && !has(CAP_SYS_ADMIN);
            add("pipe pages", bounded ? Level.LIMITED : Level.OK,
                    bounded ? pages.getAsLong() + " pages for all pipes of this user" : "not bounded for this user",
                    bounded ? "raise " + KernelLimits.PIPE_USER_PAGES_SOFT + " for more" : "");
        }
        add("descriptors", Level.LIMITED, "up to " + ProcessCalls.descriptorLimit() + " open",
                "raise ulimit -n for more: a checkpoint holds one for each open file description");
    }

    private boolean has(int capability) {
        return (capabilities >>> capability & 1) != 0;
    }

    private void add(String name, Level level, String detail, String remedy) {
        findings.add(new Finding(name, level, detail, remedy));
    }
}
