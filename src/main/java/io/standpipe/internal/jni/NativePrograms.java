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
        return read("standpipe-hold");
    }

    /**
     * Returns the plugin for CRIU, a shared library.
     *
     * @throws IOException if the jar has none for this platform
     */
    public static byte[] criuPlugin() throws IOException {
        return read("libstandpipe-criu.so");
    }

    /**
     * Returns the native library, which another JVM is to load as an agent.
     *
     * @throws IOException if the jar has none for this platform
     */
    public static byte[] library() throws IOException {
        return read("libstandpipe.so");
    }

    private static byte[] read(String name) throws IOException {
        try (InputStream program = NativePlatform.open(name)) {
            if (program == null) {
                throw new IOException("Standpipe has no " + NativePlatform.name() + "/" + name + " in its jar");
            }
            return program.readAllBytes();
        }
    }
}
