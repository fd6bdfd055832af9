// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.StandpipeException;
import io.standpipe.internal.pipes.FdSink;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.FdCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.NativeMemory;
import io.standpipe.internal.sys.PipeCalls;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import java.nio.charset.StandardCharsets;

/** Writes lines of text to an fd of this process that a program reads from. The fd stays open. */
final class ProgressFd {

    private static final int MEMORY_BYTES = 4096;

    private final int fd;
    private final NativeMemory memory = NativeMemory.nativeOrder(MEMORY_BYTES);
    private final FdSink sink;

    private ProgressFd(int fd) {
        this.fd = fd;
        sink = new FdSink(fd);
    }

    /** @throws StandpipeException if the fd is not open, not open for writing, or a pipe that nobody reads from any more */
    static ProgressFd to(int fd) throws StandpipeException {
        try {
            int flags = FdCalls.statusFlags(fd);
            if ((flags & Flags.O_PATH) != 0 || (flags & Flags.O_ACCMODE) == Flags.O_RDONLY) {
                throw new StandpipeException("descriptor " + fd + ": not open for writing");
            }
            ProgressFd output = new ProgressFd(fd);
            output.hasRoom();
            return output;
        } catch (ErrnoException e) {
            throw e.errno() == Errno.EBADF
                    ? new StandpipeException("descriptor " + fd + ": it is not open", e)
                    : Failures.of("descriptor " + fd, e);
        }
    }

    private boolean hasRoom() throws StandpipeException {
        try {
            int events = PipeCalls.poll(fd, Flags.POLLOUT);
            if ((events & Flags.POLLERR) != 0) {
                throw new StandpipeException("whoever read descriptor " + fd + " has gone away (EPIPE)");
            }
            return (events & Flags.POLLOUT) != 0;
        } catch (ErrnoException e) {
            throw Failures.of("descriptor " + fd, e);
        }
    }

    /** Writes a line if there is room for it now; otherwise the line is left out. */
    void offer(String line) throws StandpipeException {
        if (hasRoom()) {
            write(line);
        }
    }

    /** Writes a line; waits until there is room. */
    void write(String line) throws StandpipeException {
        byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
        for (int done = 0; done < bytes.length; ) {
            int part = Math.min(MEMORY_BYTES, bytes.length - done);
            memory.buffer().put(0, bytes, done, part);
            sink.write(memory, 0, part);
            done += part;
        }
    }
}
