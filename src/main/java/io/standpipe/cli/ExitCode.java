// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.CommandException;
import io.standpipe.ImageRefusedException;
import io.standpipe.StandpipeException;
import io.standpipe.UnavailableException;

import java.io.IOException;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Says what went wrong in one line, and ends with the status that belongs to it. */
final class ExitCode implements IExecutionExceptionHandler, IParameterExceptionHandler {

    static final int DONE = 0;
    static final int FAILED = 1;
    static final int USAGE = 2;
    static final int IMAGE_REFUSED = 3;
    static final int UNAVAILABLE = 4;

    @Override
    public int handleExecutionException(Exception e, CommandLine commandLine, ParseResult result) throws Exception {
        int status = of(e);
        boolean ours = e instanceof StandpipeException || e instanceof IllegalArgumentException;
        tell(commandLine.getErr(), ours ? e.getMessage() : e.toString());
        return status;
    }

    @Override
    public int handleParseException(ParameterException e, String[] args) {
        CommandLine commandLine = e.getCommandLine();
        tell(commandLine.getErr(), e.getMessage() + " (see " + commandLine.getCommandSpec().qualifiedName() + " --help)");
        return USAGE;
    }

    /** One line, whatever the names in it hold. */
    static void tell(PrintWriter err, String message) {
        err.println("standpipe: " + message.replaceAll("\\p{Cntrl}+", " "));
        err.flush();
    }

    /** The status of a command that has written its data: what did not arrive is a failure. */
    static int afterWriting(CommandLine commandLine, int status) {
        if (commandLine.getOut().checkError()) {
            tell(commandLine.getErr(), "standard output cannot be written");
            return FAILED;
        }
        return status;
    }

    /** The status to come of an exception. */
    static int expected(Exception e) {
        try {
            return e instanceof ParameterException ? USAGE : of(e);
        } catch (Exception unexpected) {
            return FAILED;
        }
    }

    /** What is no failure that a user can do something about goes on, with its stack trace. */
    private static int of(Exception e) throws Exception {
        if (e instanceof CommandException) {
            return ((CommandException) e).exitStatus();
        }
        if (e instanceof ImageRefusedException) {
            return IMAGE_REFUSED;
        }
        if (e instanceof UnavailableException) {
            return UNAVAILABLE;
        }
        if (e instanceof IOException) {
            return FAILED;
        }
        if (e instanceof IllegalArgumentException) {
            return USAGE;
        }
        throw e;
    }
}
