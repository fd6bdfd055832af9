// SPDX-License-Identifier: Apache-2.0
package io.standpipe.soak;

import java.io.IOException;
import java.io.OutputStream;

/** Processes that a round started. */
final class Children {

    private Children() {}

    /** Ends one, and closes what this JVM has of its pipes. */
    static void end(Process process) throws IOException, InterruptedException {
        process.destroyForcibly();
        process.waitFor();
        process.getInputStream().close();
        process.getErrorStream().close();
        try (OutputStream input = process.getOutputStream()) {
            input.flush();
        }
    }
}
