// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.Restore;
import java.nio.file.Path;

/** An image as it is named on the command line: a file, or {@code -} for a stream. */
final class ImageArgument {

    private static final Path STREAM = Path.of("-");
    private static final int STANDARD_INPUT = 0;

    private ImageArgument() {}

    static boolean isStream(Path image) {
        return image.equals(STREAM);
    }

    static Restore restore(Path image) {
        return isStream(image) ? Restore.fromStream(STANDARD_INPUT) : Restore.from(image);
    }
}
