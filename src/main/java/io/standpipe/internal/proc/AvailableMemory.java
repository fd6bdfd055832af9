// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.proc;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** How much memory there is for the taking. */
public final class AvailableMemory {

    private static final String FIELD = "MemAvailable:";

    private AvailableMemory() {}

    /** In bytes, as the kernel estimates it; the largest number where it tells none. */
    public static long bytes() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/meminfo"), StandardCharsets.ISO_8859_1)) {
                if (line.startsWith(FIELD)) {
                    return Long.parseLong(line.substring(FIELD.length()).replace("kB", "").trim()) * 1024;
                }
            }
        } catch (IOException | NumberFormatException e) {
            System.getLogger(AvailableMemory.class.getName())
                    .log(System.Logger.Level.DEBUG, "cannot tell what memory is available", e);
        }
        return Long.MAX_VALUE;
    }
}
