// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.pipes;

import io.standpipe.StandpipeException;
import io.standpipe.UnavailableException;
import io.standpipe.internal.proc.KernelLimits;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.PipeCalls;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;



import java.util.OptionalLong;

/** Gives a pipe a capacity, or says which limit is in the way. */
public final class PipeLimits {

    private PipeLimits() {}

    /** Makes a pipe's capacity at least what is wanted; asks the kernel to change it only if it differs. */
    public static int setCapacity(int fd, int wantedBytes, String what) throws StandpipeException {
        try {
            int present = PipeCalls.capacityBytes(fd);
            return present == wantedBytes ? present : PipeCalls.setCapacityBytes(fd, wantedBytes);
        } catch (ErrnoException e) {
            if (e.errno() == Errno.EPERM) {
                throw new UnavailableException(capacityRefused(wantedBytes, what), e);
            }
            throw Failures.of(what, e);
        }
    }

    private static String capacityRefused(int wantedBytes, String what) {
        String message = what + ": a capacity of " + wantedBytes + " bytes is refused (EPERM); ";
        OptionalLong most = KernelLimits.limit(KernelLimits.PIPE_MAX_SIZE);
        if (most.isPresent() && wantedBytes > most.getAsLong()) {
            return message + KernelLimits.PIPE_MAX_SIZE + " is " + most.getAsLong() + ": raise it to " + wantedBytes
                    + " or grant CAP_SYS_RESOURCE";
        }
        return message + KernelLimits.PIPE_USER_PAGES_SOFT + " ("
                + limitText(KernelLimits.PIPE_USER_PAGES_SOFT) + " pages for all pipes of a user) or "
                + KernelLimits.PIPE_USER_PAGES_HARD + " (" + limitText(KernelLimits.PIPE_USER_PAGES_HARD)
                + ") is reached: raise it or grant CAP_SYS_RESOURCE";
    }

    private static String limitText(String path) {
        OptionalLong limit = KernelLimits.limit(path);
        return limit.isPresent() ? Long.toString(limit.getAsLong()) : "unknown";
    }
}
