// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.proc;

import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.NativeMemory;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;


import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;

/** A short file of /proc or a cgroup that is read again and again. */
public final class ProcFile implements AutoCloseable {

    private static final int LONGEST = 1024;

    private final Fd file;
    private final NativeMemory memory = NativeMemory.nativeOrder(LONGEST);

    public ProcFile(String path) throws ErrnoException {
        file = FileCalls.open(FileCalls.CURRENT_FOLDER, path, Flags.O_RDONLY, 0);
    }

    /** What it says now; null if what it tells of is gone. */
    public String read() throws ErrnoException {
        try {
            int length = (int) FileCalls.read(file.number(), 0, memory, 0, LONGEST);
            byte[] bytes = new byte[length];
            memory.buffer().get(0, bytes);
            return new String(bytes, StandardCharsets.ISO_8859_1);
        } catch (ErrnoException e) {
            if (e.errno() == Errno.ESRCH) {
                return null;
            }
            throw e;
        }
    }

    /**
     * The same of a file that is read just once.
     *
     * @throws NoSuchFileException if what it tells of is gone
     */
    static String readOnce(String path) throws IOException {
        try (ProcFile file = new ProcFile(path)) {
            String text = file.read();
            if (text != null) {
                return text;
            }
        } catch (ErrnoException e) {
            if (e.errno() != Errno.ENOENT && e.errno() != Errno.ESRCH) {
                throw e;
            }
        }
        throw new NoSuchFileException(path);
    }

    /** Its descriptor, which stays this object's. */
    public int fd() {
        return file.number();
    }

    @Override
    public void close() {
        file.close();
    }
}
