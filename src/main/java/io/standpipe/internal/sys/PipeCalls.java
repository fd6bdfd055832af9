// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import io.standpipe.internal.jni.Native;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;

import java.lang.ref.Reference;

/** Pipes: making them, and moving what is in them without a copy in user space. */
public final class PipeCalls {

    /** The result of a call that found nothing to move, or no room, and was told not to wait. */
    public static final long WOULD_BLOCK = -Errno.EAGAIN;

    /** No offset: pipes take none. */
    public static final long NO_OFFSET = -1;

    /** The page at address 0 is never mapped: vm.mmap_min_addr. */
    private static final long NO_MEMORY = 0;

    private static final int F_SETPIPE_SZ = 1031;
    private static final int F_GETPIPE_SZ = 1032;

    private PipeCalls() {}

    /**
     * A new pipe with both ends close-on-exec.
     *
     * @return {@code write end << 32 | read end}; see {@link #readEnd} and {@link #writeEnd}
     */
    public static long pipe() throws ErrnoException {
        long ends = Native.sp_pipe2(Flags.O_CLOEXEC);
        if (ends < 0) {
            throw new ErrnoException(ends, "pipe2(O_CLOEXEC)");
        }
        return ends;
    }

    public static int readEnd(long ends) {
        return (int) ends;
    }

    public static int writeEnd(long ends) {
        return (int) (ends >>> 32);
    }

    /**
     * Clones what is queued in one pipe into another without consuming it, up to the room that is there; never waits.
     *
     * @return bytes cloned; 0 if the source is empty and has no writer; {@link #WOULD_BLOCK} if there was nothing to
     *     clone or no room
     */
    public static long tee(int fdIn, int fdOut, long lengthBytes) throws ErrnoException {
        long result = Native.sp_tee(fdIn, fdOut, lengthBytes, Flags.SPLICE_F_NONBLOCK);
        if (result < 0 && result != WOULD_BLOCK) {
            throw new ErrnoException(result, "tee(fdIn=" + fdIn + ", fdOut=" + fdOut + ", length=" + lengthBytes + ")");
        }
        return result;
    }

    /**
     * Moves bytes between a pipe and a file or another pipe; never waits for a pipe.
     *
     * @param offsetIn where to read in a file, or {@link #NO_OFFSET}
     * @param offsetOut where to write in a file, or {@link #NO_OFFSET}
     * @return bytes moved; 0 at the end of the input; {@link #WOULD_BLOCK} if a pipe had nothing, or no room
     */
    public static long splice(int fdIn, long offsetIn, int fdOut, long offsetOut, long lengthBytes)
            throws ErrnoException {
        long result = Native.sp_splice(fdIn, offsetIn, fdOut, offsetOut, lengthBytes, Flags.SPLICE_F_NONBLOCK);
        if (result < 0 && result != WOULD_BLOCK) {
            throw new ErrnoException(
                    result,
                    "splice(fdIn=" + fdIn + ", offsetIn=" + offsetIn + ", fdOut=" + fdOut + ", offsetOut=" + offsetOut
                            + ", length=" + lengthBytes + ")");
        }
        return result;
    }

    /** Bytes queued in a pipe (FIONREAD), asked at either end. */
    public static int queuedBytes(int fd) throws ErrnoException {
        int result = Native.sp_fionread(fd);
        if (result < 0) {
            throw new ErrnoException(result, "ioctl(fd=" + fd + ", FIONREAD)");
        }
        return result;
    }

    /**
     * Reads from a pipe; never waits if its description has O_NONBLOCK set.
     *
     * @return bytes read; 0 at the end; {@link #WOULD_BLOCK}
     */
    public static long read(int fd, NativeMemory memory, long offsetBytes, long lengthBytes) throws ErrnoException {
        long result = Native.sp_read(fd, memory.address(offsetBytes, lengthBytes), lengthBytes);
        Reference.reachabilityFence(memory);
        if (result < 0 && result != WOULD_BLOCK) {
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
        if (result == WOULD_BLOCK) {
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

    /** A pipe's capacity in bytes (F_GETPIPE_SZ). */
    public static int capacityBytes(int fd) throws ErrnoException {
        int result = Native.sp_fcntl(fd, F_GETPIPE_SZ, 0);
        if (result < 0) {
            throw new ErrnoException(result, "fcntl(fd=" + fd + ", F_GETPIPE_SZ)");
        }
        return result;
    }

    /**
     * Asks for a capacity (F_SETPIPE_SZ); the kernel rounds up to a power of two of pages.
     *
     * @return the capacity in bytes that the pipe has now
     */
    public static int setCapacityBytes(int fd, int capacityBytes) throws ErrnoException {
        int result = Native.sp_fcntl(fd, F_SETPIPE_SZ, capacityBytes);
        if (result < 0) {
            throw new ErrnoException(result, "fcntl(fd=" + fd + ", F_SETPIPE_SZ, " + capacityBytes + ")");
        }
        return result;
    }
}
