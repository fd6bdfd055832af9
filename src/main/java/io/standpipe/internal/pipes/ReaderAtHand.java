// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.pipes;

import io.standpipe.StandpipeException;
import io.standpipe.internal.proc.PipeHolderScan;
import io.standpipe.internal.proc.PipeId;
import io.standpipe.internal.proc.PipeLock;
import io.standpipe.internal.proc.ProcDirectory;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.FdCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.PipeCalls;
import io.standpipe.internal.sys.ProcessCalls;
import io.standpipe.internal.sys.Stat;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import io.standpipe.pipe.Pipes;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * How to look at a pipe of which a process has a write end, while everybody runs and nobody notices. A write end may be opened for
 * reading only beside a reader that the pipe has anyway. The only reader would be noticed: writes that failed succeed, a process
 * that waits for a reader of the FIFO goes on and is killed by SIGPIPE, and O_ASYNC sends signals.
 *
 * @param isEmpty whether nothing is queued, so that there is nothing to look at
 * @param reader a duplicate of a read end that some process has; null if there is none at hand
 */
public record ReaderAtHand(boolean isEmpty, @Nullable Fd reader) implements AutoCloseable {

    /**
     * Finds a reader of the pipe whose write end a process has at an fd.
     *
     * @return no reader also for what is no write end, or cannot be duplicated
     * @throws StandpipeException if bytes are queued, and nobody has a read end
     */
    public static ReaderAtHand of(int pid, int fd) throws StandpipeException {
        for (PipeLock lock : PipeLock.of(pid)) {
            if (lock.fd() == fd) {
                throw new StandpipeException(lock.describe());
            }
        }
        try (Fd write = duplicate(pid, fd)) {
            PipeId pipe = write == null ? null : pipe(write);
            if (write == null || pipe == null || accessMode(write) != Flags.O_WRONLY) {
                return new ReaderAtHand(false, null);
            }
            if (Pipes.queuedBytes(write.number()) == 0) {
                return new ReaderAtHand(true, null);
            }
            if (!exists(write.number())) {
                throw new StandpipeException("descriptor " + fd + " of process " + pid
                        + ": nobody has this pipe open for reading, and a look at it would, which its writers notice:"
                        + " save it with standpipe checkpoint, and see what standpipe extract prints");
            }
            return new ReaderAtHand(false, find(pipe, write.number()));
        } catch (IOException e) {
            throw Failures.of("descriptor " + fd + " of process " + pid, e);
        }
    }

    /** Returns whether anybody has a pipe open for reading, be it in a process that cannot be looked at. */
    public static boolean exists(int fdWrite) throws ErrnoException {
        return (PipeCalls.poll(fdWrite, 0) & Flags.POLLERR) == 0;
    }

    private static @Nullable Fd find(PipeId pipe, int fdWrite) throws IOException {
        PipeHolderScan scan = new PipeHolderScan();
        byte[] link = ProcDirectory.link("/proc/self/fd/" + fdWrite);
        scan.want(pipe, link);
        for (PipeHolderScan.Holder holder : scan.run().holders()) {
            Fd reader = holder.accessMode() == Flags.O_WRONLY ? null : duplicate(holder.pid(), holder.fd());
            if (reader != null && pipe.equals(pipe(reader)) && accessMode(reader) != Flags.O_WRONLY) {
                return reader;
            }
            if (reader != null) {
                reader.close();
            }
        }
        return null;
    }

    /** Returns the pipe of an fd; null if it is none, or opened with O_PATH. */
    private static @Nullable PipeId pipe(Fd fd) throws ErrnoException {
        Stat stat = Stat.of(fd.number());
        boolean isPipe = stat.isFifo() && (FdCalls.statusFlags(fd.number()) & Flags.O_PATH) == 0;
        return isPipe ? new PipeId(stat.dev(), stat.ino()) : null;
    }

    private static int accessMode(Fd fd) throws ErrnoException {
        return FdCalls.statusFlags(fd.number()) & Flags.O_ACCMODE;
    }

    private static @Nullable Fd duplicate(int pid, int fd) {
        try (Fd pidfd = ProcessCalls.pidfdOpen(pid)) {
            return ProcessCalls.pidfdGetFd(pidfd.number(), fd);
        } catch (ErrnoException e) {
            return null; // Whoever saves the pipe names the reason.
        }
    }

    @Override
    public void close() {
        if (reader != null) {
            reader.close();
        }
    }
}
