// SPDX-License-Identifier: Apache-2.0
package io.standpipe.testkit;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.standpipe.internal.proc.ProcessStatus;
import io.standpipe.internal.sys.ProcessCalls;
import io.standpipe.pipe.ErrnoException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Skips tests that need what this machine, or this user, does not have. Each asks for it by name, and never tries whether something
 * works: what does not work where it should is a failure. toolchain/kernels/skips.tsv lists what may be skipped, and where; the build
 * fails for any other skip.
 */
public final class Host {

    /** What root may lack, in a container. */
    public enum Capability {
        CHOWN(0), SETPCAP(8), SYS_ADMIN(21), SYS_RESOURCE(24);

        private final int bit;

        Capability(int bit) {
            this.bit = bit;
        }
    }

    private static final Path PTRACE_SCOPE = Path.of("/proc/sys/kernel/yama/ptrace_scope");
    private static final Path PID_NAMESPACE = Path.of("/proc/self/ns/pid");
    /** The number that the kernel gives to the first namespace of pids. */
    private static final Path FIRST_PID_NAMESPACE = Path.of("pid:[4026531836]");
    private static final String ALL_IDS = "4294967295";
    /** What toolchain/criu.sh makes, if it works on this kernel. */
    private static final Path UNPACKED_CRIU = Path.of("target/criu/criu");

    private Host() {}

    /** Skips the test for a reason that is no tool, user or capability. The list has the reason with the names of the tests. */
    public static void assume(boolean condition, String reason) {
        assumeTrue(condition, reason);
    }

    public static boolean isRoot() {
        try {
            return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
        } catch (IOException e) {
            throw new AssertionError("/proc/self has no owner", e);
        }
    }

    public static void assumeRoot() {
        assumeTrue(isRoot(), "needs root");
    }

    public static boolean has(Capability capability) {
        try {
            return (ProcessStatus.effectiveCapabilities() >>> capability.bit & 1) == 1;
        } catch (IOException e) {
            throw new AssertionError("the capabilities of this process are unknown", e);
        }
    }

    /** Skips the test if the user is not root, or lacks the capability. */
    public static void assumeRootWith(Capability capability) {
        assumeRoot();
        assumeTrue(has(capability), "needs CAP_" + capability);
    }

    /** Skips the test if Yama permits ptrace of descendants only: a forked command is no ancestor of the process it saves. */
    public static void assumeUnrelatedProcessesCanBeSaved() {
        boolean free = isRoot() || setting(PTRACE_SCOPE, "0").equals("0");
        assumeTrue(free, PTRACE_SCOPE + " is not 0: only root saves processes that are not its children");
    }

    /** Skips the test if no directory of the PATH has the program. */
    public static void assumeTool(String program) {
        assumeTrue(onPath(program).isPresent(), program + " is not installed");
    }

    private static Optional<Path> onPath(String program) {
        return Stream.of(System.getenv("PATH").split(":"))
                .map(directory -> Path.of(directory, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /**
     * Returns the CRIU that the environment variable CRIU names, or that toolchain/criu.sh has unpacked; otherwise the installed one.
     * Skips the test if the user is not root, or if none is there but an installed one that itself reports that it cannot work here.
     */
    public static Path assumeCriu() throws IOException, InterruptedException {
        assumeRoot();
        String named = System.getenv("CRIU");
        if (named != null) {
            return Path.of(named);
        }
        if (Files.exists(UNPACKED_CRIU)) {
            return UNPACKED_CRIU.toAbsolutePath();
        }
        Optional<Path> installed = onPath("criu");
        assumeTrue(installed.isPresent() && ChildRun.of(List.of(installed.get().toString(), "check")).exitStatus() == 0,
                "no CRIU that works here is installed");
        return installed.get();
    }

    /** Skips the test if this process may not have so many fds. */
    public static void assumeDescriptors(int count) {
        try {
            assumeTrue(ProcessCalls.descriptorLimit() >= count, "needs RLIMIT_NOFILE of " + count);
        } catch (ErrnoException e) {
            throw new AssertionError("the limit of this process is unknown", e);
        }
    }

    /** Skips the test if a file that a package installs is absent. */
    public static void assumeFile(Path file) {
        assumeTrue(Files.exists(file), "there is no " + file);
    }

    /**
     * Skips the test if the user cannot make a mount namespace with mounts of its own. In a chroot nobody can, since its root is no
     * mount point.
     */
    public static void assumeMountNamespaces() {
        assumeRootWith(Capability.SYS_ADMIN);
        assumeNoChroot();
    }

    private static void assumeNoChroot() {
        try {
            assumeTrue(Files.readAllLines(Path.of("/proc/self/mountinfo")).stream().anyMatch(line -> line.split(" ")[4].equals("/")),
                    "needs to be outside of a chroot");
        } catch (IOException e) {
            throw new AssertionError("the mounts of this process are unknown", e);
        }
    }

    /** Skips the test if the user may make no user namespaces; the kernel refuses them in a chroot. */
    public static void assumeUserNamespaces() {
        assumeNoChroot();
        assumeTrue(!setting(Path.of("/proc/sys/user/max_user_namespaces"), "0").equals("0")
                        && (isRoot() || mayAnyUserMakeNamespaces()),
                "needs user namespaces");
    }

    /** Skips the test if users other than root may make no user namespaces. */
    public static void assumeUserNamespacesOfUsers() {
        assumeUserNamespaces();
        assumeTrue(mayAnyUserMakeNamespaces(), "needs user namespaces of users");
    }

    private static boolean mayAnyUserMakeNamespaces() {
        return setting(Path.of("/proc/sys/kernel/unprivileged_userns_clone"), "1").equals("1")
                && setting(Path.of("/proc/sys/kernel/apparmor_restrict_unprivileged_userns"), "0").equals("0");
    }

    /** Skips the test if this process may use no io_uring: a setting, or a container, may forbid it. */
    public static void assumeIoUring() throws IOException {
        Kernel.assumeConfigured("IO_URING");
        assumeTrue(setting(Path.of("/proc/sys/kernel/io_uring_disabled"), "0").equals("0"), "kernel.io_uring_disabled is not 0");
        assumeTrue(Files.readAllLines(Path.of("/proc/self/status")).contains("Seccomp:\t0"), "needs to be without a seccomp filter");
    }

    /** Skips the test in a namespace of pids that is not the first one, where neither kernel threads nor all processes have a pid. */
    public static void assumeFirstPidNamespace() throws IOException {
        assumeTrue(Files.readSymbolicLink(PID_NAMESPACE).equals(FIRST_PID_NAMESPACE), "needs the first pid namespace");
    }

    /** Skips the test in a user namespace that has not all users and groups. */
    public static void assumeAllIdsAreMapped() throws IOException {
        for (String map : new String[] {"uid_map", "gid_map"}) {
            String first = Files.readAllLines(Path.of("/proc/self", map)).get(0);
            assumeTrue(first.strip().split("\\s+")[2].equals(ALL_IDS), "needs all users and groups");
        }
    }

    /** Runs a command that prepares a test; fails the test unless it ends with 0. */
    public static void run(String... command) throws IOException, InterruptedException {
        ChildRun run = ChildRun.of(List.of(command));
        if (run.exitStatus() != 0) {
            throw new AssertionError(run.toString());
        }
    }

    private static String setting(Path file, String otherwise) {
        try {
            return Files.exists(file) ? Files.readAllLines(file).get(0).strip() : otherwise;
        } catch (IOException e) {
            throw new AssertionError("cannot read " + file, e);
        }
    }
}
