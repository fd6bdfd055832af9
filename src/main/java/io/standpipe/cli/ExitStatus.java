// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.CommandException;
import io.standpipe.ImageRefusedException;
import io.standpipe.StandpipeException;
import io.standpipe.UnavailableException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Says what went wrong in one line, and ends with the status that belongs to it. */
final class ExitStatus implements IExecutionExceptionHandler {

    static final int DONE = 0;
    static final int FAILED = 1;
    static final int USAGE = 2;
    static final int IMAGE_REFUSED = 3;
    static final int UNAVAILABLE = 4;

    @Override
    public int handleExecutionException(Exception e, CommandLine commandLine, ParseResult result) throws Exception {
        int status = of(e);
        commandLine.getErr().println("standpipe: " + e.getMessage());
        return status;
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
        if (e instanceof StandpipeException) {
            return FAILED;
        }
        if (e instanceof IllegalArgumentException) {
            return USAGE;
        }
        throw e;
    }
}
