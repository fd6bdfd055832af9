// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.proc;

import java.io.IOException;

/**
 * How many bytes the calls of a process, with all its threads, have moved since it began, as /proc/PID/io counts them.
 *
 * @param readBytes by read and its like, from whatever file
 * @param writtenBytes by write and its like, to whatever file
 */
public record TransferCounts(long readBytes, long writtenBytes) {

    /**
     * Reads the counts.
     *
     * @throws java.nio.file.NoSuchFileException if there is no such process, or the kernel does not count
     * @throws java.nio.file.AccessDeniedException if this process may not look at it
     */
    public static TransferCounts of(int pid) throws IOException {
        long read = 0;
        long written = 0;
        for (String line : ProcFile.readLines("/proc/" + pid + "/io")) {
            if (line.startsWith("rchar: ")) {
                read = Long.parseLong(line.substring("rchar: ".length()));
            } else if (line.startsWith("wchar: ")) {
                written = Long.parseLong(line.substring("wchar: ".length()));
            }
        }
        return new TransferCounts(read, written);
    }
}
