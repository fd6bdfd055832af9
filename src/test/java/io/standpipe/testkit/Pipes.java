// SPDX-License-Identifier: Apache-2.0
package io.standpipe.testkit;

import io.standpipe.internal.sys.FdCalls;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.NativeMemory;
import io.standpipe.internal.sys.PipeCalls;
import io.standpipe.pipe.Fd;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Random;

/** What tests do with an end of a pipe, by its number. Nothing here waits. */
public final class Pipes {

    private Pipes() {}

    /** Bytes that look random and are the same in every run. */
    public static byte[] random(int lengthBytes) {
        byte[] bytes = new byte[lengthBytes];
        new Random(lengthBytes).nextBytes(bytes);
        return bytes;
    }

    /** Takes all that is queued, from a read end. */
    public static byte[] readAll(int fd) throws IOException {
        try (InputStream in = new FileInputStream(FdCalls.toJava(FdCalls.duplicate(fd)))) {
            byte[] content = new byte[PipeCalls.queuedBytes(fd)];
            for (int done = 0; done < content.length; ) {
                done += in.read(content, done, content.length - done);
            }
            return content;
        }
    }

    /** Writes all of it to a write end, which must have room. */
    public static void write(int fd, byte[] content) throws IOException {
        long written = content.length == 0 ? 0 : tryWrite(fd, content);
        if (written != content.length) {
            throw new IOException("of " + content.length + " bytes the pipe took " + written);
        }
    }

    /** Writes what the pipe takes; returns how much, or {@link PipeCalls#WOULD_BLOCK}. */
    public static long tryWrite(int fd, byte[] content) throws IOException {
        NativeMemory memory = NativeMemory.nativeOrder(content.length);
        memory.buffer().put(0, content);
        try (Fd notWaiting = FileCalls.reopen(fd, Flags.O_WRONLY | Flags.O_NONBLOCK)) {
            return FileCalls.write(notWaiting.number(), memory, 0, content.length);
        }
    }

    /** Writes all of it by the description itself, whose flags count. */
    public static void writeHere(int fd, byte[] content) throws IOException {
        NativeMemory memory = NativeMemory.nativeOrder(content.length);
        memory.buffer().put(0, content);
        if (FileCalls.write(fd, memory, 0, content.length) != content.length) {
            throw new IOException("the pipe did not take " + content.length + " bytes");
        }
    }

    /** What one read gives. */
    public static byte[] readAtMost(int fd, int mostBytes) throws IOException {
        NativeMemory memory = NativeMemory.nativeOrder(mostBytes);
        byte[] content = new byte[(int) PipeCalls.read(fd, memory, 0, mostBytes)];
        memory.buffer().get(0, content);
        return content;
    }

    /** Whether nothing is queued and nobody is left who could write. */
    public static boolean isAtEnd(int fd) throws IOException {
        return PipeCalls.poll(fd, Flags.POLLIN) == Flags.POLLHUP;
    }

    /** Whether the read ends are all closed, as a write end sees it. */
    public static boolean isBroken(int fd) throws IOException {
        return (PipeCalls.poll(fd, Flags.POLLOUT) & Flags.POLLERR) != 0;
    }

    public static boolean isNonBlocking(int fd) throws IOException {
        return (FdCalls.statusFlags(fd) & Flags.O_NONBLOCK) != 0;
    }

    public static void setNonBlocking(int fd) throws IOException {
        FdCalls.setStatusFlags(fd, FdCalls.statusFlags(fd) | Flags.O_NONBLOCK);
    }

    public static int accessMode(int fd) throws IOException {
        return FdCalls.statusFlags(fd) & Flags.O_ACCMODE;
    }
}
