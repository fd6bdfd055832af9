// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.jni;

import java.io.IOException;
import java.io.InputStream;

/** The programs that are in the jar beside the native library. */
public final class NativePrograms {

    private NativePrograms() {}

    /**
     * Returns the program that keeps fds open.
     *
     * @throws IOException if the jar has none for this platform
     */
    public static byte[] holder() throws IOException {
        try (InputStream program = NativePlatform.open("standpipe-hold")) {
            if (program == null) {
                throw new IOException("Standpipe has no program " + NativePlatform.name() + "/standpipe-hold in its jar");
            }
            return program.readAllBytes();
        }
    }
}
