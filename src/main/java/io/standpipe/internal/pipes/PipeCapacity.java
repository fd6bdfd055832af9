// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.pipes;

import io.standpipe.StandpipeException;
import io.standpipe.UnavailableException;
import io.standpipe.internal.proc.KernelLimits;
import io.standpipe.internal.sys.Failures;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Pipes;
import java.util.OptionalLong;

/** The capacity of pipes, and the limits of the kernel on it. */
public final class PipeCapacity {

    private PipeCapacity() {}

    /**
     * Sets the capacity of a pipe, unless the pipe has it already.
     *
     * @param fd either end
     * @param what names the pipe in messages
     * @return the capacity in bytes, which the kernel rounds up to a power of two pages
     * @throws UnavailableException if a limit is in the way; the message says which
     */
    public static int set(int fd, int wantedBytes, String what) throws StandpipeException {
        try {
            int presentBytes = Pipes.capacityBytes(fd);
            return presentBytes == wantedBytes ? presentBytes : Pipes.setCapacityBytes(fd, wantedBytes);
        } catch (ErrnoException e) {
            if (e.errno() == Errno.EPERM) {
                throw new UnavailableException(refusal(wantedBytes, what), e);
            }
            throw Failures.of(what, e);
        }
    }

    private static String refusal(int wantedBytes, String what) {
        String message = what + ": a capacity of " + wantedBytes + " bytes is refused; ";
        OptionalLong most = KernelLimits.limit(KernelLimits.PIPE_MAX_SIZE);
        if (most.isPresent() && wantedBytes > most.getAsLong()) {
            return message + KernelLimits.PIPE_MAX_SIZE + " is " + most.getAsLong() + ": raise it to " + wantedBytes
                    + " or grant CAP_SYS_RESOURCE";
        }
        return message + KernelLimits.PIPE_USER_PAGES_SOFT + " (" + text(KernelLimits.PIPE_USER_PAGES_SOFT)
                + " pages for all pipes of a user) or " + KernelLimits.PIPE_USER_PAGES_HARD + " ("
                + text(KernelLimits.PIPE_USER_PAGES_HARD) + ") is reached: raise it or grant CAP_SYS_RESOURCE";
    }

    private static String text(String path) {
        OptionalLong limit = KernelLimits.limit(path);
        return limit.isPresent() ? Long.toString(limit.getAsLong()) : "unknown";
    }
}
