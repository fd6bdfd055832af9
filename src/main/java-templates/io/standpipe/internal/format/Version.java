// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.format;

/** Standpipe's own version. The build writes it into this class: to read a resource takes a new JVM some milliseconds. */
public final class Version {

    private static final String CURRENT = "${project.version}";

    private Version() {}

    /** The version that this library was built as, such as {@code 0.1.0}. */
    public static String current() {
        return CURRENT;
    }
}
