// SPDX-License-Identifier: Apache-2.0
package io.standpipe.testkit;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Skips tests that need what this machine, or this user, does not have. */
public final class Host {

    private static final Path PTRACE_SCOPE = Path.of("/proc/sys/kernel/yama/ptrace_scope");

    private Host() {}

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

    /** Skips the test if Yama permits ptrace of descendants only: a forked command is no ancestor of the process it saves. */
    public static void assumeUnrelatedProcessesCanBeSaved() {
        try {
            boolean free = isRoot()
                    || !Files.exists(PTRACE_SCOPE)
                    || Files.readString(PTRACE_SCOPE).trim().equals("0");
            assumeTrue(free, PTRACE_SCOPE + " is not 0: only root saves processes that are not its children");
        } catch (IOException e) {
            throw new AssertionError("cannot read " + PTRACE_SCOPE, e);
        }
    }

    /** Runs the command, and skips the test if it fails or is not there. */
    public static void assumeCommand(String... command) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of("sh", "-c", "\"$@\"", "sh"));
        line.addAll(List.of(command));
        ChildRun run = ChildRun.of(line);
        assumeTrue(run.exitStatus() == 0, () -> String.join(" ", command) + " does not work here: " + run.output());
    }
}
