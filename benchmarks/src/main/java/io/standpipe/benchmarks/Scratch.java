// SPDX-License-Identifier: Apache-2.0
package io.standpipe.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A directory for images, which is deleted with all that is in it. */
final class Scratch implements AutoCloseable {

    private final Path directory;

    Scratch(Path parent) throws IOException {
        directory = Files.createTempDirectory(Files.createDirectories(parent), "benchmarks").toAbsolutePath();
    }

    Path directory() {
        return directory;
    }

    Path file(String name) {
        return directory.resolve(name);
    }

    String fileSystem() throws IOException {
        return Machine.fileSystem(directory);
    }

    void clear() throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(directory)) {
            files = all.toList();
        }
        for (Path file : files) {
            Files.delete(file);
        }
    }

    @Override
    public void close() throws IOException {
        clear();
        Files.delete(directory);
    }
}
