// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.CommandException;
import io.standpipe.ImageRefusedException;
import io.standpipe.ReaderRunsException;
import io.standpipe.StandpipeException;
import io.standpipe.UnavailableException;
import java.io.IOException;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** The exit codes, and the handlers that print a failure as one line and return the failure's exit code. */
final class ExitCode implements IExecutionExceptionHandler, IParameterExceptionHandler {

    static final int DONE = 0;
    static final int FAILED = 1;
    static final int USAGE = 2;
    static final int IMAGE_REFUSED = 3;
    static final int UNAVAILABLE = 4;

    /** Of any failure of {@code restore} itself, as of env, timeout or docker run: all other exit codes are its command's. */
    static final int NO_COMMAND_RUN = 125;

    /** @throws Exception the exception itself if it shows a defect: picocli then prints the stack trace */
    @Override
    public int handleExecutionException(Exception e, CommandLine commandLine, ParseResult result) throws Exception {
        if (!(e instanceof IOException || e instanceof IllegalArgumentException)) {
            throw e;
        }
        boolean ours = e instanceof StandpipeException || e instanceof IllegalArgumentException;
        printMessage(commandLine.getErr(), ours ? text(e) : e.toString());
        return of(e, commandLine.getCommandSpec());
    }

    @Override
    public int handleParseException(ParameterException e, String[] args) {
        CommandLine commandLine = e.getCommandLine();
        String command = commandLine.getCommandSpec().qualifiedName();
        printMessage(commandLine.getErr(), e.getMessage() + " (see " + command + " --help)");
        return of(e, commandLine.getCommandSpec());
    }

    /** Prints a message on one line, even if a name in the message has control characters. */
    static void printMessage(PrintWriter err, String message) {
        err.println("standpipe: " + message.replaceAll("\\p{Cntrl}+", " "));
        err.flush();
    }

    /** Returns {@link #FAILED} if standard output could not be written, otherwise the given exit code. */
    static int afterWriting(CommandLine commandLine, int exitCode) {
        if (commandLine.getOut().checkError()) {
            printMessage(commandLine.getErr(), "standard output cannot be written");
            return FAILED;
        }
        return exitCode;
    }

    /** Returns the exit code of a subcommand that ends with an exception. */
    static int of(Exception e, CommandSpec subcommand) {
        return e instanceof CommandException command ? command.exitStatus()
                : subcommand.exitCodeOnExecutionException() == NO_COMMAND_RUN ? NO_COMMAND_RUN
                : e instanceof ImageRefusedException ? IMAGE_REFUSED
                : e instanceof UnavailableException ? UNAVAILABLE
                : e instanceof IllegalArgumentException || e instanceof ParameterException || e instanceof ReaderRunsException ? USAGE
                : FAILED;
    }

    /** Returns the message of a failure, or what names the failure if there is no message. */
    static String text(Throwable e) {
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }
}
