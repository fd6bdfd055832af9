// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import io.standpipe.CancelledException;
import io.standpipe.StandpipeException;
import io.standpipe.TimedOutException;
import io.standpipe.UnavailableException;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.channels.AsynchronousCloseException;

/** Turns a failed system call into the exception that users catch: what was attempted, why it failed, and the remedy; the call is its cause. */
public final class Failures {

    private Failures() {}

    /**
     * Returns the exception to throw: {@link UnavailableException} where a limit, a permission or the kernel is in the way.
     *
     * @param what the beginning of its message, such as {@code cannot save descriptor 5}
     * @param cause the failed call, whose reason follows
     */
    public static StandpipeException of(String what, ErrnoException cause) {
        return of(what, Reasons.of(cause), cause);
    }

    /** Returns the exception to throw, as {@link #of(String, ErrnoException)} does, with a reason that is known better. */
    static StandpipeException of(String what, String reason, ErrnoException cause) {
        String message = what + ": " + reason;
        String explanation = RefusedCall.explain(cause);
        switch (cause.errno()) {
            case Errno.EMFILE:
                return new UnavailableException(message + ": this process may have " + descriptorLimit()
                        + " (RLIMIT_NOFILE); raise it with ulimit -n", cause);
            case Errno.ENFILE:
                return new UnavailableException(
                        message + "; raise /proc/sys/fs/file-max", cause);
            case Errno.EPERM:
            case Errno.EACCES:
            case Errno.EROFS:
            case Errno.ENOSYS:
            case Errno.ENOMEM:
            case Errno.ELIBACC:
                return new UnavailableException(explanation == null ? message : message + "; " + explanation, cause);
            default:
                return new StandpipeException(message, cause);
        }
    }

    /**
     * Returns the exception for whatever failed: itself, if it is one that users catch.
     *
     * @param what the beginning of the message
     */
    public static StandpipeException of(String what, IOException cause) {
        if (cause instanceof StandpipeException) {
            return (StandpipeException) cause;
        }
        if (cause instanceof ErrnoException call) {
            return of(what, call);
        }
        if (cause instanceof SocketTimeoutException) {
            return new TimedOutException(what + ": " + Reasons.of(cause), cause);
        }
        if (cause instanceof InterruptedIOException) {
            Thread.currentThread().interrupt(); // What throws it has taken note of the interrupt; the caller is to know of it, too.
        }
        boolean isCancelled = cause instanceof AsynchronousCloseException || cause instanceof InterruptedIOException;
        return isCancelled
                ? new CancelledException(what + ": " + Reasons.of(cause), cause)
                : new StandpipeException(what + ": " + Reasons.of(cause), cause);
    }

    private static String descriptorLimit() {
        try {
            return Long.toString(ProcessCalls.descriptorLimit());
        } catch (ErrnoException e) {
            return "no more";
        }
    }
}
