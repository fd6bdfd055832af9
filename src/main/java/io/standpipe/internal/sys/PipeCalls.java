// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import io.standpipe.internal.jni.Native;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Pipes;
import java.lang.ref.Reference;

/** Calls on pipes beyond {@link Pipes}. Most apply to whatever can be read, written or polled. */
public final class PipeCalls {

    /** The page at address 0 is never mapped (vm.mmap_min_addr). */
    private static final long UNMAPPED_ADDRESS = 0;

    /** The time to wait without end. */
    public static final int FOREVER = -1;

    /** In place of a capacity. */
    public static final int NO_PIPE = -1;

    private static final int F_GETPIPE_SZ = 1032;

    private PipeCalls() {}

    /** Returns the capacity of a pipe (F_GETPIPE_SZ), or {@link #NO_PIPE}, where {@link Pipes#capacityBytes} throws: most fds are none. */
    public static int capacityBytes(int fd) throws ErrnoException {
        int result = Native.sp_fcntl(fd, F_GETPIPE_SZ, 0);
        if (result < 0 && result != -Errno.EBADF) {
            throw new ErrnoException(result, "fcntl(fd=" + fd + ", F_GETPIPE_SZ)");
        }
        return result < 0 ? NO_PIPE : result;
    }

    /**
     * Reads into a range of native memory (read).
     *
     * @param offsetBytes where the range begins in the memory
     * @param lengthBytes the most bytes to read
     * @return the bytes read; 0 at the end; {@link Pipes#WOULD_BLOCK} if the description has O_NONBLOCK
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
     * Returns whether the last slot of a full pipe would take so many bytes more. Probes with write(fd, NULL, lengthBytes), which
     * writes nothing: the kernel looks for room first (EAGAIN if there is none), and only then at the address (EFAULT). Returns
     * true for a pipe that is not full.
     *
     * @param fdWrite a write end whose description has O_NONBLOCK
     * @param lengthBytes 1 to one less than a page
     * @throws ErrnoException EPIPE if the read ends are all closed
     */
    public static boolean lastSlotTakes(int fdWrite, int lengthBytes) throws ErrnoException {
        long result = Native.sp_write(fdWrite, UNMAPPED_ADDRESS, lengthBytes);
        if (result == Pipes.WOULD_BLOCK) {
            return false;
        }
        if (result == -Errno.EFAULT) {
            return true;
        }
        throw new ErrnoException(result, "write(fd=" + fdWrite + ", NULL, length=" + lengthBytes + ")");
    }

    /**
     * Returns the poll events of an fd, without waiting.
     *
     * @param events the POLL bits to look for; POLLERR and POLLHUP are always looked for
     */
    public static int poll(int fd, int events) throws ErrnoException {
        return poll(fd, events, 0);
    }

    /** Waits until an fd can be written, or until writing to it fails. */
    public static void awaitRoom(int fd) throws ErrnoException {
        awaitRoom(fd, FOREVER);
    }

    /** Waits as {@link #awaitRoom(int)} does, for at most {@code timeoutMillis}, or without end; returns false if in vain. */
    public static boolean awaitRoom(int fd, int timeoutMillis) throws ErrnoException {
        return poll(fd, Flags.POLLOUT, timeoutMillis) != 0;
    }

    /** Waits until an fd has bytes to read, or until it is at its end. */
    public static void awaitBytes(int fd) throws ErrnoException {
        awaitBytes(fd, FOREVER);
    }

    /** Waits as {@link #awaitBytes(int)} does, for at most {@code timeoutMillis}; returns false if in vain. */
    public static boolean awaitBytes(int fd, int timeoutMillis) throws ErrnoException {
        return poll(fd, Flags.POLLIN, timeoutMillis) != 0;
    }

    /** Waits until what an fd is connected to is closed, for at most {@code timeoutMillis}; returns false if in vain. */
    public static boolean awaitClosing(int fd, int timeoutMillis) throws ErrnoException {
        return poll(fd, 0, timeoutMillis) != 0;
    }

    /** A signal to this thread is no reason to fail: a JVM sends its threads some. */
    private static int poll(int fd, int events, int timeoutMillis) throws ErrnoException {
        int result;
        do {
            result = Native.sp_poll(fd, events, timeoutMillis);
        } while (result == -Errno.EINTR);
        if (result < 0) {
            throw new ErrnoException(result, "poll(fd=" + fd + ", events=" + events + ")");
        }
        return result;
    }
}
