// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.cli.options.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Refuses an image as the place of what is read from it, as in {@code extract app.ckpt >> app.ckpt}. */
final class ImageNotOverwritten {

    private static final Path INPUT = Path.of("/proc/self/fd/0");
    private static final Path OUTPUT = Path.of("/proc/self/fd/1");

    private ImageNotOverwritten() {}

    static void check(ImagePlace image) {
        Path input = image.isStream() ? INPUT : image.file();
        try {
            if (input == null || !Files.isRegularFile(OUTPUT) || !Files.isSameFile(OUTPUT, input)) {
                return;
            }
        } catch (IOException e) {
            return; // One of them is not there, which is said where it is used.
        }
        throw new UsageException("standard output is the image itself: name another file behind >");
    }
}
