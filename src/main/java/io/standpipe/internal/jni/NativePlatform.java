// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.jni;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The platform that the JVM runs on, under the name of its directory in the jar. */
final class NativePlatform {

    private NativePlatform() {}

    /** Returns such as {@code linux-x86_64} or {@code linux-arm64}. */
    static String name() {
        String architecture = System.getProperty("os.arch");
        String system = System.getProperty("os.name");
        return (system.equals("Linux") ? "linux" : system.toLowerCase(Locale.ROOT).replace(' ', '-')) + "-"
                + (architecture.equals("amd64") ? "x86_64" : architecture.equals("aarch64") ? "arm64" : architecture);
    }

    /** Returns what is mapped in this process. By a stream, since a channel is closed if the thread is interrupted. */
    static String mappings() throws IOException {
        try (FileInputStream maps = new FileInputStream("/proc/self/maps")) {
            return new String(maps.readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    /** Opens a file of the platform's directory; null if the jar has none. By a stream, since not every class loader has URLs. */
    static @Nullable InputStream open(String file) {
        return NativePlatform.class.getResourceAsStream(name() + "/" + file);
    }
}
