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

/**
 * Lines of text for a program that reads them through a descriptor of this process, which stays open. Nothing is buffered,
 * and the program cannot hold anybody up who only offers.
 */
public final class ProgressFd {

    private static final int MEMORY_BYTES = 4096;

    private final int fd;
    private final NativeMemory memory = NativeMemory.nativeOrder(MEMORY_BYTES);
    private final FdSink outlet;

    private ProgressFd(int fd) {
        this.fd = fd;
        outlet = new FdSink(fd);
    }

    /** @throws StandpipeException if nothing can be written there: not open, not for writing, or nobody reads it any more */
    public static ProgressFd to(int fd) throws StandpipeException {
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

    /** Writes a line if there is room for it now; otherwise it is left out. */
    public void offer(String line) throws StandpipeException {
        if (hasRoom()) {
            write(line);
        }
    }

    /** Writes a line, and waits until there is room. */
    public void write(String line) throws StandpipeException {
        byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
        for (int done = 0; done < bytes.length; ) {
            int part = Math.min(MEMORY_BYTES, bytes.length - done);
            memory.buffer().put(0, bytes, done, part);
            outlet.write(memory, 0, part);
            done += part;
        }
    }
}
