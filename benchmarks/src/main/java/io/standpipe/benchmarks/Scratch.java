// SPDX-License-Identifier: Apache-2.0
package io.standpipe.benchmarks;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A folder of a run's own for images: a file, and a folder for those that make many files. It goes with all that is in it. */
final class Scratch implements AutoCloseable {

    private final Path folder;

    private Scratch(Path folder) {
        this.folder = folder;
    }

    static Scratch in(Path parent) throws IOException {
        Scratch scratch = new Scratch(Files.createTempDirectory(Files.createDirectories(parent), "images"));
        Files.createDirectory(scratch.images());
        return scratch;
    }

    Path folder() {
        return folder;
    }

    Path image() {
        return folder.resolve("image.ckpt");
    }

    /** Another one. */
    Path second() {
        return folder.resolve("second.ckpt");
    }

    Path images() {
        return folder.resolve("images");
    }

    /** No image is left. */
    void clear() throws IOException {
        Files.deleteIfExists(image());
        Files.deleteIfExists(second());
        try (DirectoryStream<Path> files = Files.newDirectoryStream(images())) {
            for (Path file : files) {
                Files.delete(file);
            }
        }
    }

    @Override
    public void close() throws IOException {
        clear();
        Files.delete(images());
        Files.delete(folder);
    }
}
