// SPDX-License-Identifier: Apache-2.0
package io.standpipe.procfs;

import io.standpipe.bridge.Errno;
import io.standpipe.bridge.ErrnoException;
import io.standpipe.bridge.Fd;
import io.standpipe.bridge.FileCalls;
import io.standpipe.bridge.Flags;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;

/** Folders of /proc, with the exceptions of {@code java.nio.file} where they say what is wrong with the process. */
final class ProcFolder {

    private ProcFolder() {}

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
            IOException known = e.errno() == Errno.ENOENT || e.errno() == Errno.ESRCH
                    ? new NoSuchFileException(path, null, e.getMessage())
                    : e.errno() == Errno.EACCES ? new AccessDeniedException(path, null, e.getMessage()) : null;
            if (known == null) {
                throw e;
            }
            known.initCause(e);
            throw known;
        }
    }
}
