// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import io.standpipe.internal.jni.Native;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Pipes;

import java.lang.ref.Reference;

/** Pipes: making them, and moving what is in them without a copy in user space. */
public final class PipeCalls {

    /** The page at address 0 is never mapped: vm.mmap_min_addr. */
    private static final long NO_MEMORY = 0;

    private PipeCalls() {}

    /**
     * Reads from a pipe; never waits if its description has O_NONBLOCK set.
     *
     * @return bytes read; 0 at the end; {@link Pipes#WOULD_BLOCK}
     */
    public static long read(int fd, NativeMemory memory, long offsetBytes, long lengthBytes) throws ErrnoException {
        long result = Native.sp_read(fd, memory.address(offsetBytes, lengthBytes), lengthBytes);
        Reference.reachabilityFence(memory);
        if (result < 0 && result != Pipes.WOULD_BLOCK) {
            throw new ErrnoException(result, "read(fd=" + fd + ", length=" + lengthBytes + ")");
        }
        return result;
    }

    /**
     * Whether the last buffer of a full pipe would take so many bytes more. Nothing is written: the bytes are said to be
     * at an address where there is no memory. The kernel finds that out (EFAULT) only after it has found room for them,
     * and finds no room first (EAGAIN). Of a pipe that is not full this is true always.
     *
     * @param fdWrite a description with O_NONBLOCK set
     * @param lengthBytes 1 to one less than a page
     * @throws ErrnoException EPIPE if the pipe has no reader
     */
    public static boolean lastBufferTakes(int fdWrite, int lengthBytes) throws ErrnoException {
        long result = Native.sp_write(fdWrite, NO_MEMORY, lengthBytes);
        if (result == Pipes.WOULD_BLOCK) {
            return false;
        }
        if (result == -Errno.EFAULT) {
            return true;
        }
        throw new ErrnoException(result, "write(fd=" + fdWrite + ", NULL, length=" + lengthBytes + ")");
    }

    /** What poll says at once of the events asked for; POLLERR and POLLHUP are always told. */
    public static int poll(int fd, int events) throws ErrnoException {
        int result = Native.sp_poll(fd, events, 0);
        if (result < 0) {
            throw new ErrnoException(result, "poll(fd=" + fd + ", events=" + events + ")");
        }
        return result;
    }
}
