// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A pipe or FIFO that processes hold.
 *
 * @param dev st_dev, which identifies the pipe together with {@code ino}
 * @param ino st_ino
 * @param path of a FIFO, as the first holder sees it, for people; null for an anonymous pipe
 * @param capacityBytes -1 if the fds may not be duplicated
 * @param queuedBytes -1 if the fds may not be duplicated
 * @param holders by pid and fd, ascending
 */
public record LivePipe(
        long dev, long ino, @Nullable String path, int capacityBytes, int queuedBytes, List<Holder> holders) {

    public LivePipe {
        holders = List.copyOf(holders);
    }

    /**
     * An fd of the pipe in a process.
     *
     * @param command the process's name
     * @param flags access mode and status flags, as F_GETFL returns them
     * @param blocked whether a thread of the process waits in a call for bytes, or for room
     */
    public record Holder(int pid, String command, int fd, int flags, boolean blocked) {

        private static final int ACCESS_MODE = 3;

        /** Returns 0 for the read end, 1 for the write end, 2 for both. */
        public int accessMode() {
            return flags & ACCESS_MODE;
        }
    }

    /** Returns whether capacity and queued bytes are known. */
    public boolean isMeasured() {
        return capacityBytes >= 0;
    }

    /** Returns whether a holder waits in a call on the pipe. */
    public boolean isBlocked() {
        return holders.stream().anyMatch(Holder::blocked);
    }
}
