// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.Payload;
import io.standpipe.Restore;
import io.standpipe.StandpipeException;
import io.standpipe.internal.sys.Terminal;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What subcommands share: {@code --help} and {@code --version}, where they print, and images in the standard streams. */
@Command(mixinStandardHelpOptions = true)
abstract class Subcommand implements Callable<Integer> {

    static final int STANDARD_INPUT = 0;
    static final int STANDARD_OUTPUT = 1;
    static final int STANDARD_ERROR = 2;

    private static final Path STREAM = Path.of("-");

    @Spec
    CommandSpec spec;

    final PrintWriter out() {
        return spec.commandLine().getOut();
    }

    /** Prints a message as one line of standard error. */
    final void message(String text) {
        ExitCode.printMessage(spec.commandLine().getErr(), text);
    }

    final ParameterException wrongUsage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    final void require(boolean rightUsage, String messageOtherwise) {
        if (!rightUsage) {
            throw wrongUsage(messageOtherwise);
        }
    }

    /**
     * Returns the descriptors that an option names, of each process.
     *
     * @param only the one process that is named; null if there are more
     */
    final Map<Long, int[]> byPid(String option, List<ProcessFd> typed, @Nullable Long only) {
        Map<Long, int[]> found = ProcessFd.byPid(typed, only);
        if (found == null) {
            throw wrongUsage(option + " N goes with one --pid, whose descriptors it names; for several it is " + option + " PID:N");
        }
        return found;
    }

    /** Returns whether an image is named {@code -}, which stands for standard input or output. */
    static boolean isStream(Path image) {
        return image.equals(STREAM);
    }

    /** Returns a restore from an image file, or from standard input if the image is named {@code -}. */
    static Restore restoreFrom(Path image) {
        return isStream(image) ? Restore.fromStream(STANDARD_INPUT) : Restore.from(image);
    }

    /** Sends the bytes of a payload to standard output, by splice. Refuses a terminal, which the bytes could control. */
    static void send(Payload payload) throws StandpipeException {
        if (Terminal.isTerminal(STANDARD_OUTPUT)) {
            throw new IllegalArgumentException("standard output is a terminal, which the bytes might take for commands:"
                    + " send them to a file or a program, such as | hexdump -C");
        }
        payload.sendTo(STANDARD_OUTPUT);
    }
}
