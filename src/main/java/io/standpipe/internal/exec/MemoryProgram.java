// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.exec;

import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.NativeMemory;
import io.standpipe.internal.sys.ProcessCalls;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;

/**
 * A program or library in memory, for other processes: no directory need be writable, nor may be executable.
 *
 * @param file as long as it is open, the program is there
 */
public record MemoryProgram(Fd file) implements AutoCloseable {

    /** @param name that shows who has it in memory */
    public static MemoryProgram of(String name, byte[] bytes) throws ErrnoException {
        NativeMemory program = NativeMemory.of(bytes);
        try (Fd written = FileCalls.memoryFile(name)) {
            for (long at = 0; at < program.sizeBytes(); ) {
                at += FileCalls.write(written.number(), at, program, at, program.sizeBytes() - at);
            }
            // A file that is open for writing cannot be executed.
            return new MemoryProgram(FileCalls.reopen(written.number(), Flags.O_RDONLY));
        }
    }

    /** Returns the path by which other processes reach it. */
    public String path() {
        return "/proc/" + ProcessCalls.pid() + "/fd/" + file.number();
    }

    @Override
    public void close() {
        file.close();
    }
}
