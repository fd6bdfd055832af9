// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.proc;

import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.NativeMemory;
import io.standpipe.internal.sys.ScratchMemory;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The one reader of files of /proc and of cgroups. Their bytes are taken as ISO 8859-1, so that none is lost. Errors are those of
 * {@link ProcDirectory}.
 */
public final class ProcFile implements AutoCloseable {

    /** More than the longest single line: /proc/PID/stat has some 50 numbers. */
    private static final int ROOM_BYTES = 4096;

    private final Fd file;

    /** Opens a file of one line that is read again and again. */
    public ProcFile(String path) throws ErrnoException {
        file = FileCalls.open(FileCalls.CURRENT_DIRECTORY, path, Flags.O_RDONLY, 0);
    }

    /** Reads the line as it is now; null if the process that the file is about is gone. */
    public @Nullable String read() throws ErrnoException {
        try {
            return line();
        } catch (ErrnoException e) {
            if (e.errno() == Errno.ESRCH) {
                return null;
            }
            throw e;
        }
    }

    /**
     * Reads a file of one line, by one read: the kernel gives the rest of a number after a shorter read no second time.
     *
     * @throws NoSuchFileException if there is no such file, or the process that it is about is gone
     */
    public static String readLine(String path) throws IOException {
        try (ProcFile file = new ProcFile(path)) {
            return file.line().trim();
        } catch (ErrnoException e) {
            throw ProcDirectory.translated(path, e);
        }
    }

    /**
     * Reads a file of any length.
     *
     * @throws NoSuchFileException as {@link #readLine}
     */
    public static List<String> readLines(String path) throws IOException {
        return readText(path).lines().toList();
    }

    /** Reads a file of any length, each byte as one character; throws as {@link #readLine}. */
    static String readText(String path) throws IOException {
        StringBuilder text = new StringBuilder();
        try (ProcFile file = new ProcFile(path)) {
            for (String part = file.readAt(0); !part.isEmpty(); part = file.readAt(text.length())) {
                text.append(part);
            }
        } catch (ErrnoException e) {
            throw ProcDirectory.translated(path, e);
        }
        return text.toString();
    }

    /**
     * Reads the beginning of a file whose bytes are no lines.
     *
     * @throws NoSuchFileException as {@link #readLine}
     */
    static byte[] readBytes(String path, int mostBytes) throws IOException {
        StringBuilder text = new StringBuilder();
        try (ProcFile file = new ProcFile(path)) {
            for (String part = file.readAt(0); !part.isEmpty() && text.length() < mostBytes; part = file.readAt(text.length())) {
                text.append(part);
            }
        } catch (ErrnoException e) {
            throw ProcDirectory.translated(path, e);
        }
        text.setLength(Math.min(text.length(), mostBytes));
        return text.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    /**
     * Reads one field of a file that has a name, such as {@code "SigBlk:"}, and a value on each line.
     *
     * @throws NoSuchFileException as {@link #readLine}
     * @throws IOException also if the file has no such line
     */
    public static String readField(String path, String name) throws IOException {
        String text = "\n" + readText(path);
        int start = text.indexOf("\n" + name);
        if (start < 0) {
            throw new IOException(path + " has no line '" + name + "'");
        }
        int end = text.indexOf('\n', start + 1);
        return text.substring(start + 1 + name.length(), end < 0 ? text.length() : end).trim();
    }

    /**
     * Reads from the memory of a process.
     *
     * @return as many bytes as are mapped there, {@code lengthBytes} at most
     */
    static byte[] readMemory(int pid, long address, int lengthBytes) throws IOException {
        String path = "/proc/" + pid + "/mem";
        NativeMemory memory = ScratchMemory.take(lengthBytes);
        try (ProcFile file = new ProcFile(path)) {
            byte[] bytes = new byte[(int) FileCalls.read(file.fd(), address, memory, 0, lengthBytes)];
            memory.buffer().get(0, bytes);
            return bytes;
        } catch (ErrnoException e) {
            throw ProcDirectory.translated(path, e);
        } finally {
            ScratchMemory.giveBack(memory);
        }
    }

    /** Reads once more what does not end as a line does: a number that is cut is another number. */
    private String line() throws ErrnoException {
        String line = readAt(0);
        return line.endsWith("\n") ? line : readAt(0);
    }

    private String readAt(long offsetBytes) throws ErrnoException {
        NativeMemory memory = ScratchMemory.take(ROOM_BYTES);
        try {
            byte[] bytes = new byte[(int) FileCalls.read(file.number(), offsetBytes, memory, 0, ROOM_BYTES)];
            memory.buffer().get(0, bytes);
            return new String(bytes, StandardCharsets.ISO_8859_1);
        } finally {
            ScratchMemory.giveBack(memory);
        }
    }

    /** Returns the file's fd, which this object owns. */
    public int fd() {
        return file.number();
    }

    @Override
    public void close() {
        file.close();
    }
}
