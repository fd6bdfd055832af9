// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.StandpipeException;
import io.standpipe.internal.sys.Terminal;


import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How commands that may take long tell how far they have come: a bar for people, lines for programs. */
final class ProgressOption {

    private static final int STANDARD_ERROR = 2;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--progress-fd",
            paramLabel = "N",
            description = "Tell how far it has come through this descriptor, which the caller has opened: a JSON object a line,"
                    + " with phase, pipes, ofPipes, bytes and ofBytes. The last tells the outcome: done, start (the command"
                    + " takes over), or failed with status and reason. Default: what takes long shows a bar, if standard"
                    + " error is a terminal.")
    private Integer fd;

    /** Work to which a display listens. */
    interface Work {
        int run(ProgressDisplay display) throws IOException;
    }

    /** For commands that do not ask themselves what this process was started with: that is asked only if it matters. */
    int watch(Work work) throws IOException {
        return watch(fd == null ? Set.of() : InheritedDescriptors.find(), work);
    }

    /** @param inherited what this process was started with: the JVM's own descriptors are nobody's to write to */
    int watch(Set<Integer> inherited, Work work) throws IOException {
        ProgressDisplay display = display(inherited);
        try {
            int status = work.run(display);
            display.done();
            return status;
        } catch (IOException | RuntimeException e) {
            display.failed(ExitCode.expected(e), e.getMessage() == null ? e.toString() : e.getMessage());
            throw e;
        }
    }

    /** What a command is to inherit: it has no use for the descriptor, and whoever reads there waits for its end. */
    Set<Integer> withoutIt(Set<Integer> inherited) {
        Set<Integer> others = new TreeSet<>(inherited);
        if (fd != null && fd > STANDARD_ERROR) {
            others.remove(fd);
        }
        return others;
    }

    boolean isTo(int descriptor) {
        return fd != null && fd == descriptor;
    }

    private ProgressDisplay display(Set<Integer> inherited) {
        if (fd == null) {
            return new ProgressBarLine(Terminal.isBehind(STANDARD_ERROR) && !"dumb".equals(System.getenv("TERM")));
        }
        if (!inherited.contains(fd)) {
            throw new ParameterException(spec.commandLine(), "--progress-fd: descriptor " + fd + " is not open");
        }
        try {
            return new ProgressLines(ProgressFd.to(fd), spec.commandLine().getErr());
        } catch (StandpipeException e) {
            throw new ParameterException(spec.commandLine(), "--progress-fd: " + e.getMessage(), e);
        }
    }
}
