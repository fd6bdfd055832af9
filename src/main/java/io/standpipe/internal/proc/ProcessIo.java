// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.proc;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How many bytes a process has read and written so far, in calls on files of any kind (/proc/PID/io).
 *
 * @param readBytes rchar
 * @param writtenBytes wchar
 */
public record ProcessIo(long readBytes, long writtenBytes) {

    /** Returns the figures now; null if they may not be read, the kernel does not count, or the process has ended. */
    public static @Nullable ProcessIo of(int pid) {
        try {
            List<String> lines = ProcFile.readLines("/proc/" + pid + "/io");
            return new ProcessIo(value(lines, "rchar: "), value(lines, "wchar: "));
        } catch (IOException | NumberFormatException e) {
            return null;
        }
    }

    private static long value(List<String> lines, String name) throws IOException {
        return lines.stream()
                .filter(line -> line.startsWith(name))
                .map(line -> Long.parseUnsignedLong(line.substring(name.length())))
                .findFirst()
                .orElseThrow(() -> new IOException("no line " + name));
    }

    /** Returns what came to it since then. */
    public ProcessIo since(ProcessIo then) {
        return new ProcessIo(readBytes - then.readBytes, writtenBytes - then.writtenBytes);
    }
}
