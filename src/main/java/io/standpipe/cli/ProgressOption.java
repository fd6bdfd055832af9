// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.CheckpointReport;
import io.standpipe.Progress;
import io.standpipe.StandpipeException;
import io.standpipe.cli.options.NumberKind;
import io.standpipe.cli.options.UsageException;
import io.standpipe.cli.options.Value;
import io.standpipe.internal.sys.Terminal;
import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;

/** The option {@code --progress-fd}, and the display of progress: lines for programs, or a bar for people. */
final class ProgressOption {

    private final Subcommand command;
    private final Value<Integer> option;

    /** Adds the option to a command. */
    ProgressOption(Subcommand command) {
        this.command = command;
        option = command.syntax.option(
                "--progress-fd", "N", NumberKind.ANY,
                "Tell how far it has come through this descriptor, which the caller has opened: a JSON object a line,"
                        + " with phase, pipes, ofPipes, bytes and ofBytes. The last tells the outcome: done, start (the command"
                        + " takes over), or failed with status and reason. Default: what takes long shows a bar, if standard"
                        + " error is a terminal.");
    }

    /** Shows the progress of the work, and the outcome. */
    interface Display extends Progress {

        /** Something differs from what was saved. */
        default void deviation(String sentence) {}

        /** A checkpoint has saved this. */
        default void saved(CheckpointReport report) {}

        /** The work is done. Further calls have no effect. */
        void done();

        /** The work has failed. */
        default void failed(int exitCode, String reason) {
            done();
        }
    }

    /** Work that reports its progress, and returns the exit code. */
    interface Work {
        int run(Display display) throws IOException;
    }

    /** Runs the work, for commands that do not need the inherited fds: these are looked up only if the option is given. */
    int watch(Work work) throws IOException {
        return watch(option.isGiven() ? InheritedDescriptors.note().fds() : Set.of(), work);
    }

    /** Runs the work, and shows progress and outcome. Refuses an fd that is not inherited: it may be a file of the JVM. */
    int watch(Set<Integer> inherited, Work work) throws IOException {
        Display display = command.isVerbose() ? new VerboseDisplay(display(inherited), command::detail) : display(inherited);
        try {
            int exitCode = work.run(display);
            display.done();
            return exitCode;
        } catch (IOException | RuntimeException e) {
            display.failed(ExitCode.of(e, command), ExitCode.text(e));
            throw e;
        }
    }

    /** Returns the inherited fds without that of the option: whoever reads from it waits until every writer has closed it. */
    Set<Integer> withoutProgressFd(Set<Integer> inherited) {
        Set<Integer> others = new TreeSet<>(inherited);
        if (option.isGiven() && option.get() > Subcommand.STANDARD_ERROR) {
            others.remove(option.get());
        }
        return others;
    }

    boolean isFd(int other) {
        return option.isGiven() && option.get() == other;
    }

    private Display display(Set<Integer> inherited) {
        Integer fd = option.orNull();
        if (fd == null) {
            return new ProgressBarLine(!command.isQuiet() && Terminal.isTerminal(Subcommand.STANDARD_ERROR) && !"dumb".equals(System.getenv("TERM")));
        }
        if (!inherited.contains(fd)) {
            throw new UsageException("--progress-fd: descriptor " + fd + " is not open");
        }
        try {
            return new ProgressLines(fd, command::message);
        } catch (StandpipeException e) {
            throw new UsageException("--progress-fd: " + e.getMessage(), e);
        }
    }
}
