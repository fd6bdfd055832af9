// SPDX-License-Identifier: Apache-2.0
package io.standpipe.testkit;


import io.standpipe.internal.sys.FdCalls;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.NativeMemory;
import io.standpipe.internal.sys.PipeCalls;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import io.standpipe.pipe.Pipes;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Reads, writes and queries an end of a pipe, given its fd. No method waits. */
public final class PipeIo {

    private PipeIo() {}

    /** Returns native memory that holds a copy of the content. */
    public static NativeMemory memoryOf(byte[] content) {
        NativeMemory memory = NativeMemory.nativeOrder(content.length);
        memory.buffer().put(0, content);
        return memory;
    }

    /** Reads everything that is queued. */
    public static byte[] readAll(int readFd) throws IOException {
        try (InputStream in = new FileInputStream(FdCalls.toJava(FdCalls.duplicate(readFd)))) {
            byte[] content = new byte[Pipes.queuedBytes(readFd)];
            for (int done = 0; done < content.length; ) {
                done += in.read(content, done, content.length - done);
            }
            return content;
        }
    }

    /** Reads all that is in a pipe by a read end that is opened for it. */
    public static byte[] readBehind(int writeFd) throws IOException {
        try (Fd reader = FileCalls.reopen(writeFd, Flags.O_RDONLY | Flags.O_NONBLOCK)) {
            return readAll(reader.number());
        }
    }

    /** Returns what one read of at most that many bytes gives. */
    public static byte[] readAtMost(int readFd, int mostBytes) throws ErrnoException {
        NativeMemory memory = NativeMemory.nativeOrder(mostBytes);
        byte[] content = new byte[(int) PipeCalls.read(readFd, memory, 0, mostBytes)];
        memory.buffer().get(0, content);
        return content;
    }

    /** Writes the whole content with one write; throws if the pipe has not enough room. */
    public static void write(int writeFd, byte[] content) throws ErrnoException {
        long written = content.length == 0 ? 0 : tryWrite(writeFd, content);
        if (written != content.length) {
            throw new AssertionError("of " + content.length + " bytes the pipe took " + written);
        }
    }

    /**
     * Writes as much as the pipe takes, without waiting whatever the fd's flags say; a packet if O_DIRECT is set on the fd.
     *
     * @return the number of bytes written, or {@link io.standpipe.pipe.Pipes#WOULD_BLOCK}
     */
    public static long tryWrite(int writeFd, byte[] content) throws ErrnoException {
        int packets = FdCalls.statusFlags(writeFd) & Flags.oDirect();
        try (Fd nonBlocking = FileCalls.reopen(writeFd, Flags.O_WRONLY | Flags.O_NONBLOCK)) {
            FdCalls.setStatusFlags(nonBlocking.number(), Flags.O_NONBLOCK | packets); // open() refuses O_DIRECT for a pipe.
            return FileCalls.write(nonBlocking.number(), memoryOf(content), 0, content.length);
        }
    }

    /** Returns whether nothing is queued and no write end is open. */
    public static boolean isAtEnd(int readFd) throws ErrnoException {
        return PipeCalls.poll(readFd, Flags.POLLIN) == Flags.POLLHUP;
    }

    /** Returns whether no read end is open. */
    public static boolean isBroken(int writeFd) throws ErrnoException {
        return (PipeCalls.poll(writeFd, Flags.POLLOUT) & Flags.POLLERR) != 0;
    }

    public static boolean isNonBlocking(int fd) throws ErrnoException {
        return (FdCalls.statusFlags(fd) & Flags.O_NONBLOCK) != 0;
    }

    public static void setNonBlocking(int fd) throws ErrnoException {
        FdCalls.setStatusFlags(fd, FdCalls.statusFlags(fd) | Flags.O_NONBLOCK);
    }

    public static int accessMode(int fd) throws ErrnoException {
        return FdCalls.statusFlags(fd) & Flags.O_ACCMODE;
    }
}
