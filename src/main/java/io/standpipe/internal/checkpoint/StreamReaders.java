// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.checkpoint;

import io.standpipe.StandpipeException;
import io.standpipe.internal.proc.PipeHolderScan;
import io.standpipe.internal.proc.PipeId;
import io.standpipe.internal.proc.ProcDirectory;
import io.standpipe.internal.proc.ProcessStatus;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.ProcessCalls;
import io.standpipe.internal.sys.Stat;
import java.io.IOException;
import java.util.Collection;
import java.util.List;

/**
 * The processes that read the pipe to which an image is sent while processes are frozen. If all of them are frozen too, the pipe
 * fills up, and neither they nor the checkpoint ever go on.
 *
 * @param pids none if the image is not sent to a pipe
 */
record StreamReaders(int fd, List<Integer> pids) {

    /** @param fd of the stream; negative for an image that goes to a file */
    static StreamReaders of(int fd) throws StandpipeException {
        try {
            Stat stat = fd < 0 ? null : Stat.of(fd);
            if (stat == null || !stat.isFifo()) {
                return new StreamReaders(fd, List.of());
            }
            PipeHolderScan scan = new PipeHolderScan();
            byte[] link = ProcDirectory.link("/proc/self/fd/" + fd);
            if (link[0] == '/') {
                scan.wantFifo(new PipeId(stat.dev(), stat.ino()), link);
            } else {
                scan.want(new PipeId(stat.dev(), stat.ino()));
            }
            return new StreamReaders(fd, scan.run().holders().stream()
                    .filter(holder -> holder.accessMode() != Flags.O_WRONLY && holder.pid() != ProcessCalls.pid())
                    .map(PipeHolderScan.Holder::pid)
                    .distinct()
                    .toList());
        } catch (IOException e) {
            throw Failures.of("descriptor " + fd + ", which the image is sent to", e);
        }
    }

    /** Throws if all readers are among processes that are about to be frozen. */
    void checkNotAllAmong(Collection<Integer> frozen) throws StandpipeException {
        if (!pids.isEmpty() && frozen.containsAll(pids)) {
            throw deadlock(" is to be frozen");
        }
    }

    /** Throws if no reader runs: a cgroup freezes more than the processes that are saved. */
    void checkNotAllStopped() throws StandpipeException {
        if (!pids.isEmpty() && pids.stream().allMatch(StreamReaders::isStopped)) {
            throw deadlock(" is frozen");
        }
    }

    private static boolean isStopped(int pid) {
        try {
            ProcessStatus status = ProcessStatus.of(pid);
            return status.isStopped() || status.state() == 'D'; // What a cgroup of version 1 freezes sleeps uninterruptibly.
        } catch (IOException e) {
            return false;
        }
    }

    private StandpipeException deadlock(String state) {
        return new StandpipeException("descriptor " + fd + ": process " + pids.get(0) + ", which reads the image there," + state
                + " until the image is written, so that it would never be; write it to a file, or leave out --write-while-frozen"
                + " (in the library, writingWhileFrozen): it is written once the processes run again");
    }
}
