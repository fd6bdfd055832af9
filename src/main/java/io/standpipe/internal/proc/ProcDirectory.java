// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.proc;

import io.standpipe.internal.sys.DirectoryReader;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.PathCalls;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * The one class that opens and lists directories of /proc. Where an errno says what is wrong with the process, callers get an
 * exception of {@code java.nio.file}: {@link NoSuchFileException} if there is no such process, {@link AccessDeniedException} if
 * this process may not look at it.
 */
public final class ProcDirectory {

    private static final BitSet NONE = new BitSet();

    private ProcDirectory() {}

    /** Returns the pids of all processes, ascending. */
    public static List<Integer> pids() throws IOException {
        return list("/proc");
    }

    /** Returns the ids of a process's threads, ascending; none if the process has ended. */
    public static List<Integer> threads(int pid) throws IOException {
        try {
            return list("/proc/" + pid + "/task");
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    private static List<Integer> list(String path) throws IOException {
        try (Fd directory = open(path)) {
            return Arrays.stream(numbers(path, directory, NONE)).boxed().toList();
        }
    }

    /** Opens a directory so that its entries can be listed. */
    static Fd open(String path) throws IOException {
        try {
            return FileCalls.open(FileCalls.CURRENT_DIRECTORY, path, Flags.O_RDONLY | Flags.oDirectory(), 0);
        } catch (ErrnoException e) {
            throw translated(path, e);
        }
    }

    /**
     * Returns the numbers that a directory lists, ascending, except for {@code excluded}.
     *
     * @param path the directory's, for messages
     * @throws NoSuchFileException if the process has ended since the directory was opened
     */
    static int[] numbers(String path, Fd directory, BitSet excluded) throws IOException {
        try {
            return DirectoryReader.numbersWithout(excluded, directory.number());
        } catch (ErrnoException e) {
            throw translated(path, e);
        }
    }

    /** Returns what a link of /proc contains, such as that of an fd: a path need not be text in any encoding. */
    public static byte[] link(String path) throws IOException {
        try {
            return PathCalls.readLink(path);
        } catch (ErrnoException e) {
            throw translated(path, e);
        }
    }

    /** Returns the exception of {@code java.nio.file} that means the same, or the given one if none does. */
    static IOException translated(String path, ErrnoException e) {
        switch (e.errno()) {
            case Errno.ENOENT:
            case Errno.ESRCH:
                return withCause(new NoSuchFileException(path, null, e.getMessage()), e);
            case Errno.EACCES:
                return withCause(new AccessDeniedException(path, null, e.getMessage()), e);
            default:
                return e;
        }
    }

    private static IOException withCause(IOException translated, ErrnoException cause) {
        translated.initCause(cause);
        return translated;
    }
}
