// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli.criu;

import io.standpipe.internal.sys.ProcessCalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Writes files that are there in full or not at all. */
final class SmallFile {

    private SmallFile() {}

    /** Writes a file, or puts it in the place of an older one. */
    static void replace(Path file, CharSequence text) throws IOException {
        Path temporary = file.resolveSibling(file.getFileName() + "." + ProcessCalls.pid());
        try {
            Files.writeString(temporary, text, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.SYNC);
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }
}
