// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.checkpoint;

import io.standpipe.Image;
import io.standpipe.internal.proc.ProcessStatus;
import io.standpipe.internal.sys.FdCalls;
import io.standpipe.internal.sys.FileDescriptionCalls;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;




import java.io.IOException;

/** Fds of this process that the caller named. There are no others: the JVM has pipes of its own. */
final class OwnDescriptors implements DescriptorSource {

    private final int[] fds;

    /** @param fds ascending */
    OwnDescriptors(int[] fds) {
        this.fds = fds;
    }

    @Override
    public Image.Task task() {
        return ProcessStatus.ownTask();
    }

    @Override
    public int[] fds() {
        return fds;
    }

    @Override
    public Fd copy(int fd) throws ErrnoException {
        return FdCalls.duplicate(fd);
    }

    @Override
    public boolean isCloseOnExec(int fd) throws IOException {
        return FdCalls.isCloseOnExec(fd);
    }

    @Override
    public boolean isStill(int fd, Fd copy) throws ErrnoException {
        return FileDescriptionCalls.isSame(fd, copy.number());
    }

    @Override
    public int count() {
        return fds.length;
    }

    @Override
    public void close() {}
}
