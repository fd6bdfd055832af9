// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.CommandException;
import io.standpipe.ImageChoiceException;
import io.standpipe.ImageRefusedException;
import io.standpipe.ReaderRunsException;
import io.standpipe.StandpipeException;
import io.standpipe.UnavailableException;
import io.standpipe.cli.options.UsageException;
import io.standpipe.internal.pipes.ReaderGoneException;
import io.standpipe.internal.sys.Reasons;
import io.standpipe.pipe.ErrnoException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;

/** The exit codes, and how a failure is printed: as one line. docs/EXIT-CODES.md is about these. */
final class ExitCode {

    static final int DONE = 0;
    static final int FAILED = 1;
    static final int USAGE = 2;
    static final int IMAGE_REFUSED = 3;
    static final int UNAVAILABLE = 4;

    /** Of any failure of {@code restore} itself, as of env, timeout or docker run: all other exit codes are its command's. */
    static final int NO_COMMAND_RUN = 125;

    /** As a shell reports a program that SIGPIPE has ended. */
    static final int READER_GONE = 141;

    private static final String TOO_MANY_OPEN = "Too many open files";

    private ExitCode() {}

    /** Prints why a command failed, and returns the exit code. What shows a defect is printed with a stack trace. */
    static int afterFailure(Throwable e, Subcommand command) {
        int exitCode = of(e, command);
        if (exitCode == READER_GONE && !command.losesWhatIsNotRead()) {
            return exitCode;
        }
        if (isDefect(e)) {
            PrintWriter err = command.output().err();
            command.output().failure("a defect of standpipe, which its authors would like to know, with what follows:");
            e.printStackTrace(err);
            err.flush();
            return exitCode;
        }
        command.output().failure(text(e) + (e instanceof UsageException ? " (see " + command.syntax.name() + " --help)" : ""));
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof ErrnoException) {
                command.detail("the call that failed: " + cause.getMessage());
            }
        }
        return exitCode;
    }

    private static boolean isDefect(Throwable e) {
        return !(e instanceof UsageException || e instanceof IOException || e instanceof IllegalArgumentException || e instanceof LinkageError
                || e instanceof OutOfMemoryError);
    }

    /** Returns the exit code of a command that ends with a failure. */
    static int of(Throwable e, Subcommand command) {
        return isReaderGone(e) ? READER_GONE
                : e instanceof CommandException notRun ? notRun.exitStatus()
                : isUsage(e) ? USAGE
                : command.isForACommand() ? NO_COMMAND_RUN
                : e instanceof ImageRefusedException ? IMAGE_REFUSED
                : e instanceof UnavailableException || e instanceof AccessDeniedException || e instanceof Error ? UNAVAILABLE
                : FAILED;
    }

    private static boolean isUsage(Throwable e) {
        return e instanceof UsageException || e instanceof IllegalArgumentException || e instanceof ImageChoiceException
                || e instanceof ReaderRunsException;
    }

    private static boolean isReaderGone(Throwable e) {
        Throwable gone = e instanceof ReaderGoneException ? e : e.getCause();
        return gone instanceof ReaderGoneException reader && reader.isOfStandardOutput();
    }

    /** Returns the message of a failure, for people. */
    static String text(Throwable e) {
        if (e instanceof StandpipeException || e instanceof IllegalArgumentException || e instanceof UsageException) {
            return e.getMessage() == null ? e.toString() : e.getMessage();
        }
        return e instanceof IOException failed ? Reasons.of(failed)
                : e instanceof OutOfMemoryError ? "the JVM has no memory left: " + e.getMessage() : rootText(e);
    }

    /** Returns why the JVM could not load a part of itself, or the native library. */
    private static String rootText(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null && !(root instanceof UnsatisfiedLinkError)) {
            root = root.getCause();
        }
        String text = root.getMessage() == null ? e.toString() : root.getMessage();
        return text.contains(TOO_MANY_OPEN) ? "too many descriptors are open for the JVM to go on; raise ulimit -n" : text;
    }
}
