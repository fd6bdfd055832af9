// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.store;

import static io.standpipe.pipe.PipeFlags.SPLICE_F_NONBLOCK;

import io.standpipe.StandpipeException;
import io.standpipe.internal.pipes.PipePair;
import io.standpipe.internal.sys.NativeMemory;
import io.standpipe.internal.sys.PipeCalls;
import io.standpipe.internal.sys.WaitLimit;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Pipes;
import org.jspecify.annotations.Nullable;

/** An image that comes through an fd: of a pipe, a socket, a file or anything else that can be read. */
public final class FdInput implements ImageInput {

    private final int fd;
    private final String name;
    private final WaitLimit limit;
    /** Between an fd that is no pipe and the file: one side of each splice must be a pipe. */
    private @Nullable PipePair passage;
    private boolean spliceable = true;

    /** @param fd stays the caller's to close */
    public FdInput(int fd, String name, WaitLimit limit) {
        this.fd = fd;
        this.name = name;
        this.limit = limit;
    }

    @Override
    public int read(NativeMemory memory, int from, int length) throws StandpipeException, ErrnoException {
        while (true) {
            limit.awaitBytes(fd, name);
            long read = PipeCalls.read(fd, memory, from, length);
            if (read != Pipes.WOULD_BLOCK) {
                return (int) read;
            }
        }
    }

    @Override
    public long splice(int fdFile, long offsetBytes, long mostBytes) throws StandpipeException, ErrnoException {
        while (spliceable) {
            limit.awaitBytes(fd, name);
            try {
                long moved = passage == null
                        ? Pipes.splice(fd, Pipes.NO_OFFSET, fdFile, offsetBytes, mostBytes, SPLICE_F_NONBLOCK)
                        : Pipes.splice(fd, passage.writeFd(), mostBytes, SPLICE_F_NONBLOCK);
                if (moved == Pipes.WOULD_BLOCK) {
                    continue;
                }
                if (passage != null && PipePair.moveAll(passage.readFd(), fdFile, offsetBytes, moved) < moved) {
                    throw new StandpipeException(name + ": a transfer at offset " + offsetBytes + " fell short");
                }
                return moved;
            } catch (ErrnoException e) {
                if (e.errno() != Errno.EINVAL) {
                    throw e;
                }
                spliceable = passage == null;
                passage = passage == null ? PipePair.open() : passage;
            }
        }
        return NO_SPLICE;
    }

    @Override
    public String toString() {
        return name;
    }

    @Override
    public void close() {
        if (passage != null) {
            passage.close();
        }
    }
}
