// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli.criu;

import io.standpipe.Image;
import io.standpipe.ImageRefusedException;
import io.standpipe.StandpipeException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The files of a dump. Adds up the lengths of those that were read. */
final class CriuFiles {

    private final Path directory;
    private long sizeBytes;

    CriuFiles(Path directory) {
        this.directory = directory;
    }

    /** Takes a message. */
    interface Taker {
        void take(CriuMessage message) throws StandpipeException;
    }

    Path path(String name) {
        return directory.resolve(name);
    }

    boolean has(String name) {
        return Files.exists(path(name), LinkOption.NOFOLLOW_LINKS);
    }

    /** Returns the only message of a file. */
    CriuMessage only(String name, CriuFileKind kind) throws StandpipeException {
        try (CriuImageFile file = CriuImageFile.open(path(name), kind)) {
            count(file);
            return file.only();
        }
    }

    /** Returns the only message of a file, or null if there is no such file. */
    @Nullable CriuMessage onlyIfThere(String name, CriuFileKind kind) throws StandpipeException {
        return has(name) ? only(name, kind) : null;
    }

    /** Hands on each message of a file. A file that is missing has none, as CRIU sees it. */
    void forEach(String name, CriuFileKind kind, Taker taker) throws StandpipeException {
        try (CriuImageFile file = CriuImageFile.openIfThere(path(name), kind)) {
            while (file != null && file.hasNext()) {
                taker.take(file.next());
            }
            count(file);
        }
    }

    /** Adds the length of a file that was read. */
    void count(@Nullable CriuImageFile file) {
        sizeBytes += file == null ? 0 : file.sizeBytes();
    }

    /** Returns the length of all files that were read. */
    long sizeBytes() {
        return sizeBytes;
    }

    /** Throws if a dump has more objects of a kind than there is memory for. */
    void checkCount(long count, CriuMessage last) throws ImageRefusedException {
        if (count > Image.MOST_DESCRIPTORS) {
            throw new ImageRefusedException(last.place() + ": it is the " + count + "th of its kind, expected at most " + Image.MOST_DESCRIPTORS);
        }
    }
}
