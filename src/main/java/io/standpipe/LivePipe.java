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
 * @param full whether a write waits for room; a pipe can be full by its buffers though it has fewer bytes than its capacity
 * @param readerless whether nobody at all has it open for reading, as poll reports at a write end: writing fails with SIGPIPE
 * @param writerless whether nobody at all has it open for writing, as poll reports at a read end: reading ends
 * @param holders by pid and fd, ascending
 */
public record LivePipe(
        long dev, long ino, @Nullable String path, int capacityBytes, int queuedBytes, boolean full, boolean readerless,
        boolean writerless, List<Holder> holders) {

    public LivePipe {
        holders = List.copyOf(holders);
    }

    /**
     * An fd of the pipe in a process.
     *
     * @param thread by whose id /proc shows the fd: the pid, unless the leading thread has ended or another has an fd table of its own
     * @param command the process's name
     * @param flags access mode and status flags, as F_GETFL returns them
     * @param blocked whether a thread of the process waits in a call for bytes, or for room
     * @param stopped whether the process is stopped, by a signal or a tracer, or frozen by its cgroup (version 2)
     */
    public record Holder(int pid, int thread, String command, int fd, int flags, boolean blocked, boolean stopped) {

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

    /** Returns whether a holder is stopped. */
    public boolean isStopped() {
        return holders.stream().anyMatch(Holder::stopped);
    }
}
