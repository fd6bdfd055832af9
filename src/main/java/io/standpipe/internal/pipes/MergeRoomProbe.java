// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.pipes;

import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.PipeCalls;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import java.io.IOException;

/**
 * Finds the merge room of a full pipe: how many bytes more its last slot takes ({@code PIPE_BUF_FLAG_CAN_MERGE}). Nothing is
 * written: see {@link PipeCalls#lastSlotTakes}.
 */
public final class MergeRoomProbe {

    private static final boolean SUPPORTED = isKernelSafe();

    private MergeRoomProbe() {}

    /** Returns whether a failing write leaves a pipe as it is on this kernel. */
    public static boolean isSupported() {
        return SUPPORTED;
    }

    /**
     * Returns the merge room of a full pipe.
     *
     * @param fd an end of the pipe
     * @param mostBytes what the last slot leaves free of its page, or more
     * @return at most {@code mostBytes}; {@code mostBytes} also for a pipe that has no writer, or no reader, or cannot be opened for
     *     writing
     */
    public static int mergeRoomBytes(int fd, int mostBytes) throws ErrnoException {
        boolean lacksAnEnd = (PipeCalls.poll(fd, 0) & (Flags.POLLHUP | Flags.POLLERR)) != 0;
        if (lacksAnEnd) {
            return mostBytes;
        }
        try (Fd writer = FileCalls.reopen(fd, Flags.O_WRONLY | Flags.O_NONBLOCK)) {
            return search(writer.number(), mostBytes);
        } catch (ErrnoException e) {
            if (e.errno() == Errno.EACCES) {
                return mostBytes;
            }
            throw e;
        }
    }

    private static int search(int fdWrite, int mostBytes) throws ErrnoException {
        if (PipeCalls.lastSlotTakes(fdWrite, mostBytes)) {
            return mostBytes;
        }
        int taken = 0;
        int refused = mostBytes;
        while (refused - taken > 1) {
            int middle = (taken + refused) >>> 1;
            if (PipeCalls.lastSlotTakes(fdWrite, middle)) {
                taken = middle;
            } else {
                refused = middle;
            }
        }
        return taken;
    }

    /**
     * Before Linux 6.15 a write that fails at its first byte leaves an empty slot in a pipe that is not full, as the probed one may be by
     * then. A pipe that nobody else has shows whether it does.
     */
    private static boolean isKernelSafe() {
        try (PipePair pipe = PipePair.open()) {
            return PipeCalls.lastSlotTakes(pipe.writeFd(), 1) && PipeCalls.poll(pipe.readFd(), Flags.POLLIN) == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
