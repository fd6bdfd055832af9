// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.CommandException;
import io.standpipe.ImageRefusedException;
import io.standpipe.ReaderRunsException;
import io.standpipe.StandpipeException;
import io.standpipe.UnavailableException;
import io.standpipe.cli.options.UsageException;
import java.io.IOException;
import java.io.PrintWriter;

/** The exit codes, and how a failure is printed: as one line. */
final class ExitCode {

    static final int DONE = 0;
    static final int FAILED = 1;
    static final int USAGE = 2;
    static final int IMAGE_REFUSED = 3;
    static final int UNAVAILABLE = 4;

    /** Of any failure of {@code restore} itself, as of env, timeout or docker run: all other exit codes are its command's. */
    static final int NO_COMMAND_RUN = 125;

    private ExitCode() {}

    /** Prints why a command failed, and returns the exit code. What shows a defect is printed with a stack trace. */
    static int afterFailure(Exception e, Subcommand command) {
        PrintWriter err = command.output().err();
        if (e instanceof UsageException) {
            printMessage(err, text(e) + " (see " + command.syntax.name() + " --help)");
        } else if (e instanceof StandpipeException || e instanceof IllegalArgumentException) {
            printMessage(err, text(e));
        } else if (e instanceof IOException) {
            printMessage(err, e.toString());
        } else {
            e.printStackTrace(err);
            err.flush();
        }
        return of(e, command);
    }

    /** Prints a message on one line, even if a name in the message has control characters. */
    static void printMessage(PrintWriter err, String message) {
        err.println("standpipe: " + message.replaceAll("\\p{Cntrl}+", " "));
        err.flush();
    }

    /** Returns {@link #FAILED} if standard output could not be written, otherwise the given exit code. */
    static int afterWriting(Output output, int exitCode) {
        if (output.out().checkError()) {
            printMessage(output.err(), "standard output cannot be written");
            return FAILED;
        }
        return exitCode;
    }

    /** Returns the exit code of a command that ends with an exception. */
    static int of(Exception e, Subcommand command) {
        return e instanceof CommandException notRun ? notRun.exitStatus()
                : command.isForACommand() ? NO_COMMAND_RUN
                : e instanceof ImageRefusedException ? IMAGE_REFUSED
                : e instanceof UnavailableException ? UNAVAILABLE
                : e instanceof IllegalArgumentException || e instanceof UsageException || e instanceof ReaderRunsException ? USAGE
                : FAILED;
    }

    /** Returns the message of a failure, or what names the failure if there is no message. */
    static String text(Throwable e) {
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }
}
