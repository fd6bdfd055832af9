// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.format;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/** Standpipe's own version. */
public final class Version {

    private static final String CURRENT = read();

    private Version() {}

    /** The version that this library was built as, such as {@code 0.1.0}. */
    public static String current() {
        return CURRENT;
    }

    private static String read() {
        Properties properties = new Properties();
        try (InputStream in = Version.class.getResourceAsStream("/io/standpipe/standpipe.properties")) {
            properties.load(in);
        } catch (IOException e) {
            throw new IllegalStateException("standpipe.properties cannot be read from the jar", e);
        }
        return properties.getProperty("version");
    }
}
