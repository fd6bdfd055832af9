// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.PipeCalls;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.procfs.Kernel;

import java.util.OptionalLong;

/** Gives a pipe a capacity, or says which limit is in the way. */
final class Limits {

    private Limits() {}

    /** Makes a pipe's capacity at least what is wanted; asks the kernel to change it only if it differs. */
    static int setCapacity(int fd, int wantedBytes, String what) throws StandpipeException {
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
        OptionalLong most = Kernel.limit(Kernel.PIPE_MAX_SIZE);
        if (most.isPresent() && wantedBytes > most.getAsLong()) {
            return message + Kernel.PIPE_MAX_SIZE + " is " + most.getAsLong() + ": raise it to " + wantedBytes
                    + " or grant CAP_SYS_RESOURCE";
        }
        return message + Kernel.PIPE_USER_PAGES_SOFT + " ("
                + limitText(Kernel.PIPE_USER_PAGES_SOFT) + " pages for all pipes of a user) or "
                + Kernel.PIPE_USER_PAGES_HARD + " (" + limitText(Kernel.PIPE_USER_PAGES_HARD)
                + ") is reached: raise it or grant CAP_SYS_RESOURCE";
    }

    private static String limitText(String path) {
        OptionalLong limit = Kernel.limit(path);
        return limit.isPresent() ? Long.toString(limit.getAsLong()) : "unknown";
    }
}
