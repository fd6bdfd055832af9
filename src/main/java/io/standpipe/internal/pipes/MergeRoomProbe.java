// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.pipes;

import io.standpipe.internal.checkpoint.SavedPipe;
import io.standpipe.internal.proc.KernelLimits;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.PipeCalls;
import io.standpipe.internal.sys.ProcessCalls;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;




import java.io.IOException;

/**
 * How many bytes more the last slot of a full pipe takes. A write of so many from an address where there is no memory tells:
 * it fails in another way where it would have waited.
 */
public final class MergeRoomProbe {

    /** Before Linux 6.15 a write that fails at its first byte can leave an empty buffer in a pipe that is not full. */
    private static final int MAJOR = 6;
    private static final int MINOR = 15;

    private MergeRoomProbe() {}

    /** Whether this kernel allows to ask. */
    public static boolean canBeAsked() {
        return Answer.ALLOWED;
    }

    /**
     * Asks a full pipe.
     *
     * @param most what is left of a page behind the last slot's bytes, or more; also the answer for a pipe without a writer
     */
    public static int of(SavedPipe pipe, int most) throws ErrnoException {
        boolean hungUp = (PipeCalls.poll(pipe.readable(), 0) & Flags.POLLHUP) != 0;
        if (hungUp) {
            return most;
        }
        Fd opened;
        try {
            opened = FileCalls.reopen(pipe.readable(), Flags.O_WRONLY | Flags.O_NONBLOCK);
        } catch (ErrnoException e) {
            if (e.errno() == Errno.EACCES) {
                return most;
            }
            throw e;
        }
        try (Fd writer = opened) {
            if (PipeCalls.lastBufferTakes(writer.number(), most)) {
                return most;
            }
            int takes = 0;
            int refuses = most;
            while (refuses - takes > 1) {
                int middle = (takes + refuses) >>> 1;
                if (PipeCalls.lastBufferTakes(writer.number(), middle)) {
                    takes = middle;
                } else {
                    refuses = middle;
                }
            }
            return takes;
        }
    }

    private static final class Answer {

        private static final boolean ALLOWED = isAllowed();

        private static boolean isAllowed() {
            try {
                int[] numbers = KernelLimits.releaseNumbers(ProcessCalls.kernelName().release());
                return numbers[0] > MAJOR || numbers[0] == MAJOR && numbers[1] >= MINOR;
            } catch (IOException e) {
                return false;
            }
        }
    }
}
