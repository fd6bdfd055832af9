// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.proc;

import io.standpipe.internal.sys.DirectoryNumbers;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;


import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.BitSet;

/** Folders of /proc, with the exceptions of {@code java.nio.file} where they say what is wrong with the process. */
public final class ProcDirectory {

    private ProcDirectory() {}

    /**
     * Opens a folder for its entries to be listed.
     *
     * @throws NoSuchFileException if there is no such process
     * @throws AccessDeniedException if it is not the caller's to look at
     */
    static Fd open(String path) throws IOException {
        try {
            return FileCalls.open(FileCalls.CURRENT_FOLDER, path, Flags.O_RDONLY | Flags.oDirectory(), 0);
        } catch (ErrnoException e) {
            throw known(path, e);
        }
    }

    /**
     * The numbers that a folder lists, ascending, but for those that the caller knows.
     *
     * @param path the folder's, for messages
     * @throws NoSuchFileException if the process has ended since the folder was opened
     */
    static int[] numbers(String path, Fd folder, BitSet known) throws IOException {
        try {
            return DirectoryNumbers.without(known, folder.number());
        } catch (ErrnoException e) {
            throw known(path, e);
        }
    }

    /** An error of something below a folder of /proc, as {@code java.nio.file} has it. */
    static IOException known(String path, ErrnoException e) {
        switch (e.errno()) {
            case Errno.ENOENT:
            case Errno.ESRCH:
                return caused(new NoSuchFileException(path, null, e.getMessage()), e);
            case Errno.EACCES:
                return caused(new AccessDeniedException(path, null, e.getMessage()), e);
            default:
                return e;
        }
    }

    private static IOException caused(IOException known, ErrnoException cause) {
        known.initCause(cause);
        return known;
    }
}
