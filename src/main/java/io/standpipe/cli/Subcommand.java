// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.Payload;
import io.standpipe.StandpipeException;
import io.standpipe.cli.options.Flag;
import io.standpipe.cli.options.Syntax;
import io.standpipe.cli.options.UsageException;
import io.standpipe.cli.options.Value;
import io.standpipe.cli.options.WordKind;
import io.standpipe.internal.sys.Terminal;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What subcommands share: what they take, where they print, and images in the standard streams. */
abstract class Subcommand {

    static final int STANDARD_INPUT = 0;
    static final int STANDARD_OUTPUT = 1;
    static final int STANDARD_ERROR = 2;

    /** The name of standard input or output. */
    static final Path STREAM = Path.of("-");

    /** To which a subclass adds its options in its fields. */
    final Syntax syntax;

    private final Flag quiet;
    private final Flag verbose;
    private final Value<Colors.When> colors;
    private @Nullable Output output;

    /**
     * @param name as it is typed, such as {@code standpipe show}
     * @param description paragraphs
     */
    Subcommand(String name, String... description) {
        syntax = new Syntax(name, description);
        quiet = syntax.flag("-q, --quiet", "Print no notes and no summary. What went wrong or could not be kept is said all the same.");
        verbose = syntax.flag("-v, --verbose", "Print what is found and decided, and why; behind a failure, which call failed.");
        colors = syntax.option(
                "--color", "WHEN", new WordKind<>(Colors.When.values()),
                "Color what is stuck and what went wrong: auto, always or never. Default: auto, which is where the output is a terminal"
                        + " and NO_COLOR is not set.");
    }

    /** Carries out the command; returns its exit code. */
    abstract int run() throws IOException, InterruptedException;

    /** Returns whether this process becomes or starts a command, whose exit codes are then this process's. */
    boolean isForACommand() {
        return false;
    }

    /** Returns whether a reader of standard output that goes away misses what is nowhere else. */
    boolean losesWhatIsNotRead() {
        return false;
    }

    /** Returns the commands of which this one consists. */
    List<Syntax> commands() {
        return List.of();
    }

    /** Must be called before the command runs. */
    final void printTo(Output chosen) {
        output = chosen;
    }

    final Output output() {
        return Objects.requireNonNull(output);
    }

    final PrintWriter out() {
        return output().out();
    }

    /** Does what the options want that every command has; to be called when they are known. */
    final void takeCommonOptions() {
        require(!quiet.isGiven() || !verbose.isGiven(), "--quiet and --verbose exclude each other");
        output().colored(colors.orElse(Colors.When.AUTO));
    }

    final boolean isQuiet() {
        return quiet.isGiven();
    }

    final boolean isVerbose() {
        return verbose.isGiven();
    }

    /** Prints as one line of standard error what was lost, or could not be kept. */
    final void message(String text) {
        output().message(text);
    }

    /** Prints as one line of standard error what is good to know. */
    final void note(String text) {
        if (!isQuiet()) {
            output().message(text);
        }
    }

    /** Prints as one line of standard error what was found or decided, if that is wanted. */
    final void detail(String text) {
        if (isVerbose()) {
            output().message(text);
        }
    }

    final void require(boolean rightUsage, String messageOtherwise) {
        if (!rightUsage) {
            throw new UsageException(messageOtherwise);
        }
    }

    /**
     * Returns the descriptors that an option names, of each process.
     *
     * @param only the one process that is named; null if there are more
     */
    final Map<Integer, int[]> byPid(String option, List<ProcessFd> typed, @Nullable Integer only) {
        Map<Integer, int[]> found = ProcessFd.byPid(typed, only);
        if (found == null) {
            throw new UsageException(option + " N goes with one --pid, whose descriptors it names; for several it is " + option + " PID:N");
        }
        return found;
    }

    /** Returns whether an image is named {@code -}, which stands for standard input or output. */
    static boolean isStream(Path image) {
        return image.equals(STREAM);
    }

    /** Sends the bytes of a payload to standard output, by splice. Refuses a terminal, which the bytes could control. */
    static void send(Payload payload) throws StandpipeException {
        requireNoTerminal();
        payload.sendTo(STANDARD_OUTPUT);
    }

    /** Refuses to send bytes of a pipe to a terminal. */
    static void requireNoTerminal() {
        if (Terminal.isTerminal(STANDARD_OUTPUT)) {
            throw new IllegalArgumentException("standard output is a terminal, which the bytes might take for commands:"
                    + " send them to a file or a program, such as | hexdump -C");
        }
    }
}
