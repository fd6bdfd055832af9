// SPDX-License-Identifier: Apache-2.0
package io.standpipe.pipe;

import io.standpipe.UnavailableException;
import io.standpipe.internal.jni.Native;
import io.standpipe.internal.jni.NativeLibrary;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;

/**
 * The system calls on pipes. Each method is one system call (the one exception says so), takes the flags of that call, and may be
 * called from any thread. On the heap a call that succeeds allocates nothing, or 24 bytes if it takes a buffer.
 *
 * <p>Fds are ints, since most come from elsewhere: {@link Fd#number()}, {@link PipeEnds#readFd()} and
 * {@link PipeEnds#writeFd()} give those that this process owns, and throw once they are closed. No method takes an fd over.
 *
 * <p>A call that moves bytes has four outcomes:
 * <ul>
 *   <li>a count greater than 0: so many bytes were moved. It may be <i>short</i>, less than was asked for, when the input has no
 *       more or the output has no more room; call again for the rest
 *   <li>0: the end. The input is empty and no write end is open, or a file was read to its end
 *   <li>{@link #WOULD_BLOCK}, which is negative: nothing was moved, since the input is empty or the output is full; more may come
 *   <li>{@link ErrnoException}: the call failed, and moved nothing; ELIBACC if the native library cannot be loaded
 * </ul>
 *
 * <p>A call is repeated if a signal interrupts it (EINTR). A call that waits does so in the kernel: {@link Thread#interrupt()}
 * does not end it. SIGPIPE needs no handling, since the JVM ignores it; EPIPE is thrown.
 *
 * @since 0.1
 */
public final class Pipes {

    /** The result of a call that would have to wait and may not: the input is empty, or the output is full (EAGAIN). */
    public static final long WOULD_BLOCK = -Errno.EAGAIN;

    /** In place of an offset: none. Pipes have no offsets; a file is read or written at its current offset, which moves on. */
    public static final long NO_OFFSET = -1;

    private static final int F_SETPIPE_SZ = 1031;
    private static final int F_GETPIPE_SZ = 1032;

    private Pipes() {}

    /**
     * Makes a pipe (pipe2).
     *
     * @param flags any of {@link PipeFlags#O_CLOEXEC}, {@link PipeFlags#O_NONBLOCK} and {@link PipeFlags#O_DIRECT}, or 0
     * @return both ends, which the caller owns; the capacity is 65,536 bytes as a rule
     * @throws ErrnoException EMFILE if this process has as many fds as it may (RLIMIT_NOFILE); ENFILE if the system has as many
     *     open files as it may, or the user as many pipe pages ({@code /proc/sys/fs/pipe-user-pages-hard}); EINVAL for other
     *     flags
     */
    public static PipeEnds pipe2(int flags) throws ErrnoException {
        require("pipe2");
        long ends = Native.sp_pipe2(flags);
        if (ends < 0) {
            throw new ErrnoException(ends, "pipe2(" + openFlags(flags) + ")");
        }
        return new PipeEnds(Fd.owning((int) ends), Fd.owning((int) (ends >>> Integer.SIZE)));
    }

    /**
     * Makes a pipe of a chosen capacity: pipe2, and then F_SETPIPE_SZ. Where the second call fails, no pipe is left.
     *
     * @param flags as in {@link #pipe2(int)}
     * @param capacityBytes the least capacity in bytes; the kernel rounds it up
     * @return both ends, which the caller owns
     * @throws ErrnoException as {@link #pipe2(int)} and {@link #setCapacityBytes}
     */
    public static PipeEnds pipe2(int flags, int capacityBytes) throws ErrnoException {
        PipeEnds ends = pipe2(flags);
        try {
            setCapacityBytes(ends.writeFd(), capacityBytes);
            return ends;
        } catch (ErrnoException e) {
            ends.close();
            throw e;
        }
    }

    /**
     * Duplicates what is queued in one pipe into another (tee), without consuming it. No byte is copied: both pipes refer to the
     * same pages. Always starts with the oldest byte, so calling it again duplicates the same bytes again.
     *
     * @param fdIn a pipe's fd that can be read
     * @param fdOut an fd of another pipe that can be written
     * @param lengthBytes the most bytes to duplicate
     * @param flags {@link PipeFlags#SPLICE_F_NONBLOCK} or 0
     * @return the bytes duplicated, fewer than asked for if fewer are queued or fdOut has no free slot for more; 0 at the end, or
     *     if lengthBytes is 0; {@link #WOULD_BLOCK}, with SPLICE_F_NONBLOCK or if either end has O_NONBLOCK
     * @throws ErrnoException EBADF if an fd is not open, or not open for what it is to do; EINVAL if one is no pipe, if both are
     *     the same pipe, or for other flags; EPIPE if fdOut's read ends are all closed; ENOMEM; EPERM or ENOSYS if a seccomp
     *     filter forbids the call
     */
    public static long tee(int fdIn, int fdOut, long lengthBytes, int flags) throws ErrnoException {
        require("tee");
        long result = Native.sp_tee(fdIn, fdOut, lengthBytes, flags);
        if (result < 0 && result != WOULD_BLOCK) {
            throw new ErrnoException(result, "tee(fdIn=" + fdIn + ", fdOut=" + fdOut + ", length=" + lengthBytes + ")");
        }
        return result;
    }

    /**
     * Moves bytes between two pipes, from a file or socket into a pipe, or from a pipe into a file or socket (splice). Between
     * pipes no byte is copied; into and out of a regular file the page cache may copy.
     *
     * @param fdIn the input, a pipe unless fdOut is one
     * @param offsetIn where to read in a file, in bytes, which leaves its own offset as it is; or {@link #NO_OFFSET}
     * @param fdOut the output, a pipe unless fdIn is one
     * @param offsetOut where to write in a file, in bytes, which leaves its own offset as it is; or {@link #NO_OFFSET}
     * @param lengthBytes the most bytes to move
     * @param flags any of {@link PipeFlags#SPLICE_F_NONBLOCK}, {@link PipeFlags#SPLICE_F_MORE} and
     *     {@link PipeFlags#SPLICE_F_MOVE}, or 0
     * @return the bytes moved, which may be fewer than asked for; 0 at the end, or if lengthBytes is 0; {@link #WOULD_BLOCK} as
     *     for {@link #tee}
     * @throws ErrnoException EBADF if an fd is not open, or not open for what it is to do; EINVAL if neither is a pipe, if both
     *     are the same pipe, if a file was opened with O_APPEND or its file system has no splice, or for other flags; ESPIPE for
     *     an offset in a pipe or socket; EPIPE if nobody can read from fdOut any more; ENOMEM; what the file says: EIO, ENOSPC,
     *     EDQUOT, EFBIG; EPERM or ENOSYS if a seccomp filter forbids the call
     */
    public static long splice(int fdIn, long offsetIn, int fdOut, long offsetOut, long lengthBytes, int flags)
            throws ErrnoException {
        require("splice");
        long result = Native.sp_splice(fdIn, offsetIn, fdOut, offsetOut, lengthBytes, flags);
        if (result < 0 && result != WOULD_BLOCK) {
            throw new ErrnoException(
                    result,
                    "splice(fdIn=" + fdIn + ", offsetIn=" + offsetIn + ", fdOut=" + fdOut + ", offsetOut=" + offsetOut
                            + ", length=" + lengthBytes + ")");
        }
        return result;
    }

    /**
     * Moves bytes between two fds of which neither gets an offset (splice): see
     * {@link #splice(int, long, int, long, long, int)}.
     *
     * @param fdIn the input, a pipe unless fdOut is one
     * @param fdOut the output, a pipe unless fdIn is one
     * @param lengthBytes the most bytes to move
     * @param flags as there
     * @return the bytes moved, 0 at the end, or {@link #WOULD_BLOCK}
     * @throws ErrnoException as there
     */
    public static long splice(int fdIn, int fdOut, long lengthBytes, int flags) throws ErrnoException {
        return splice(fdIn, NO_OFFSET, fdOut, NO_OFFSET, lengthBytes, flags);
    }

    /**
     * Reads from a pipe into memory (read). In packet mode at most one packet is read, and what of it does not fit is lost.
     *
     * @param fd a read end
     * @param into a direct buffer, filled from its position on, which moves on by what was read; its limit ends it
     * @return the bytes read, fewer than the buffer has room for if fewer are queued; 0 at the end, or if the buffer has no room;
     *     {@link #WOULD_BLOCK} if the end has O_NONBLOCK
     * @throws ErrnoException EBADF if fd is not open, or not for reading; what else the file says, such as EIO
     * @throws IllegalArgumentException if the buffer is not direct
     */
    public static long read(int fd, ByteBuffer into) throws ErrnoException {
        if (into.isReadOnly()) {
            throw new ReadOnlyBufferException();
        }
        require("read");
        long result = Native.sp_read(fd, address(into), into.remaining());
        return advance(into, result, "read", fd);
    }

    /**
     * Writes memory to a pipe (write). Up to 4,096 bytes are written all or not at all; of more, a part may be written.
     *
     * @param fd a write end
     * @param from a direct buffer, taken from its position on, which moves on by what was written; its limit ends it
     * @return the bytes written, fewer than the buffer has if the end has O_NONBLOCK and no more room;
     *     {@link #WOULD_BLOCK} if it has O_NONBLOCK and no room
     * @throws ErrnoException EBADF if fd is not open, or not for writing; EPIPE if the read ends are all closed; what else the
     *     file says, such as EIO
     * @throws IllegalArgumentException if the buffer is not direct
     */
    public static long write(int fd, ByteBuffer from) throws ErrnoException {
        require("write");
        long result = Native.sp_write(fd, address(from), from.remaining());
        return advance(from, result, "write", fd);
    }

    /**
     * Puts memory into a pipe without copying it (vmsplice): the pipe refers to the buffer's own pages. Until every byte has
     * been read, the buffer must be neither changed nor garbage collected, or the reader finds other bytes. With a read end in
     * place of a write end the bytes move the other way, from the pipe into the buffer, and are copied.
     *
     * @param fd a pipe's fd
     * @param memory a direct buffer, used from its position on, which moves on by the bytes moved; its limit ends it
     * @param flags any of {@link PipeFlags#SPLICE_F_NONBLOCK} and {@link PipeFlags#SPLICE_F_GIFT}, or 0
     * @return the bytes moved, fewer than the buffer has if there are no more slots (one is needed for each page the memory
     *     touches) or no more bytes; 0 if the buffer is at its limit, or at the end; {@link #WOULD_BLOCK} with SPLICE_F_NONBLOCK
     *     only: unlike the other calls, this one waits although the end has O_NONBLOCK
     * @throws ErrnoException EBADF if fd is not open, or no pipe; EINVAL for other flags; EPIPE if the read ends are all closed;
     *     ENOMEM; EPERM or ENOSYS if a seccomp filter forbids the call
     * @throws IllegalArgumentException if the buffer is not direct
     */
    public static long vmsplice(int fd, ByteBuffer memory, int flags) throws ErrnoException {
        require("vmsplice");
        long result = Native.sp_vmsplice(fd, address(memory), memory.remaining(), flags);
        return advance(memory, result, "vmsplice", fd);
    }

    private static long address(ByteBuffer memory) {
        if (!memory.isDirect()) {
            throw new IllegalArgumentException("buffer is not direct: its memory may move");
        }
        long[] found = new long[1];
        Native.sp_buffer_address(memory, found);
        return found[0] + memory.position();
    }

    private static long advance(ByteBuffer memory, long result, String call, int fd) throws ErrnoException {
        if (result < 0 && result != WOULD_BLOCK) {
            throw new ErrnoException(result, call + "(fd=" + fd + ", length=" + memory.remaining() + ")");
        }
        if (result > 0) {
            memory.position(memory.position() + (int) result);
        }
        Reference.reachabilityFence(memory);
        return result;
    }

    /**
     * Returns how many bytes are queued in a pipe (FIONREAD).
     *
     * @param fd either end
     * @return bytes, 0 if the pipe is empty
     * @throws ErrnoException EBADF if fd is not open; ENOTTY if it has no queue, such as {@code /dev/null}
     */
    public static int queuedBytes(int fd) throws ErrnoException {
        require("ioctl");
        int result = Native.sp_fionread(fd);
        if (result < 0) {
            throw new ErrnoException(result, "ioctl(fd=" + fd + ", FIONREAD)");
        }
        return result;
    }

    /**
     * Returns a pipe's capacity (F_GETPIPE_SZ): one page for each slot. A slot that holds less than a page is not always filled
     * up, so a pipe can be full with fewer bytes queued.
     *
     * @param fd either end
     * @return bytes, a power of two
     * @throws ErrnoException EBADF if fd is not open, or no pipe
     */
    public static int capacityBytes(int fd) throws ErrnoException {
        require("fcntl");
        int result = Native.sp_fcntl(fd, F_GETPIPE_SZ, 0);
        if (result < 0) {
            throw new ErrnoException(result, "fcntl(fd=" + fd + ", F_GETPIPE_SZ)");
        }
        return result;
    }

    /**
     * Sets a pipe's capacity (F_SETPIPE_SZ).
     *
     * @param fd either end
     * @param capacityBytes the least capacity in bytes, which the kernel rounds up to a power of two, and to at least one page
     * @return the capacity in bytes that the pipe has now
     * @throws ErrnoException EBADF if fd is not open, or no pipe; EBUSY if more slots are in use than the pipe would have; EPERM
     *     above {@code /proc/sys/fs/pipe-max-size} or the user's limit on pipe pages; EINVAL if it is negative; ENOMEM
     */
    public static int setCapacityBytes(int fd, int capacityBytes) throws ErrnoException {
        require("fcntl");
        int result = Native.sp_fcntl(fd, F_SETPIPE_SZ, capacityBytes);
        if (result < 0) {
            throw new ErrnoException(result, "fcntl(fd=" + fd + ", F_SETPIPE_SZ, " + capacityBytes + ")");
        }
        return result;
    }

    private static void require(String call) throws ErrnoException {
        try {
            NativeLibrary.require();
        } catch (UnavailableException e) {
            throw new ErrnoException(Errno.ELIBACC, call, e);
        }
    }

    /** Returns the flags of pipe2 by name, such as {@code O_CLOEXEC|O_NONBLOCK}, and what has no name in octal. */
    private static String openFlags(int flags) {
        // Not from PipeFlags: where fds have run out, no class can be loaded that is not there yet.
        int packets = Native.O_DIRECT();
        int nameless = flags & ~(PipeFlags.O_CLOEXEC | PipeFlags.O_NONBLOCK | packets);
        String names = ((flags & PipeFlags.O_CLOEXEC) == 0 ? "" : "|O_CLOEXEC")
                + ((flags & PipeFlags.O_NONBLOCK) == 0 ? "" : "|O_NONBLOCK")
                + ((flags & packets) == 0 ? "" : "|O_DIRECT")
                + (nameless == 0 ? "" : "|0" + Integer.toOctalString(nameless));
        return names.isEmpty() ? "0" : names.substring(1);
    }
}
