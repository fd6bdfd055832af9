// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What tests need of the machine they run on. */
final class Host {

    private static final Path PTRACE_SCOPE = Path.of("/proc/sys/kernel/yama/ptrace_scope");

    private Host() {}

    static boolean isRoot() {
        try {
            return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
        } catch (IOException e) {
            throw new AssertionError("/proc/self has no owner", e);
        }
    }

    static void assumeRoot() {
        assumeTrue(isRoot(), "needs root");
    }

    /** A forked command is no ancestor of the process that it saves: Yama may forbid that. */
    static void assumeUnrelatedProcessesCanBeSaved() {
        try {
            boolean free = isRoot()
                    || !Files.exists(PTRACE_SCOPE)
                    || Files.readString(PTRACE_SCOPE).trim().equals("0");
            assumeTrue(free, PTRACE_SCOPE + " is not 0: only root saves processes that are not its children");
        } catch (IOException e) {
            throw new AssertionError("cannot read " + PTRACE_SCOPE, e);
        }
    }

    static void assumeCommand(String... command) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of("sh", "-c", "\"$@\"", "sh"));
        line.addAll(List.of(command));
        CommandRun run = CommandRun.program(line);
        assumeTrue(run.exitStatus == 0, () -> String.join(" ", command) + " does not work here: " + run.err);
    }
}
