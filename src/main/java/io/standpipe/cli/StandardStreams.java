// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.Payload;
import io.standpipe.Restore;
import io.standpipe.StandpipeException;
import io.standpipe.internal.sys.Terminal;
import java.nio.file.Path;

/** The fds of the standard streams, and images and payloads that go through them. */
final class StandardStreams {

    static final int INPUT = 0;
    static final int OUTPUT = 1;
    static final int ERROR = 2;

    private static final Path STREAM = Path.of("-");

    private StandardStreams() {}

    /** Returns whether an image is named {@code -}, which stands for standard input or output. */
    static boolean isStream(Path image) {
        return image.equals(STREAM);
    }

    /** Returns a restore from an image file, or from standard input if the image is named {@code -}. */
    static Restore restoreFrom(Path image) {
        return isStream(image) ? Restore.fromStream(INPUT) : Restore.from(image);
    }

    /**
     * Sends the bytes of a payload to standard output, by splice.
     *
     * @throws IllegalArgumentException if standard output is a terminal, which the bytes could control
     */
    static void send(Payload payload) throws StandpipeException {
        if (Terminal.isTerminal(OUTPUT)) {
            throw new IllegalArgumentException("standard output is a terminal, which the bytes might take for commands:"
                    + " send them to a file or a program, such as | hexdump -C");
        }
        payload.sendTo(OUTPUT);
    }
}
