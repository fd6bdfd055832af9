// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import java.util.List;

/**
 * A pipe or FIFO that processes hold.
 *
 * @param dev its st_dev, {@code ino} its st_ino: together they name it
 * @param path of a FIFO, as the first holder sees it, for people; null for an anonymous pipe
 * @param capacityBytes -1 where the descriptors may not be copied
 * @param queuedBytes likewise
 * @param holders in the order of their pids and numbers
 */
public record LivePipe(long dev, long ino, String path, int capacityBytes, int queuedBytes, List<Holder> holders) {

    public LivePipe {
        holders = List.copyOf(holders);
    }

    /**
     * A descriptor of it.
     *
     * @param command the process's name
     * @param flags access mode and status flags, as F_GETFL tells them
     * @param blocked whether a thread of the process waits in a call for bytes, or for room
     */
    public record Holder(int pid, String command, int fd, int flags, boolean blocked) {

        private static final int ACCESS_MODE = 3;

        /** 0 the read end, 1 the write end, 2 both. */
        public int accessMode() {
            return flags & ACCESS_MODE;
        }
    }

    /** Whether its contents are known. */
    public boolean isMeasured() {
        return capacityBytes >= 0;
    }

    /** Whether anybody waits for it. */
    public boolean isBlocked() {
        return holders.stream().anyMatch(Holder::blocked);
    }
}
