// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.internal.format.Version;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;

/** What {@code --version} prints: all that a report of a fault should begin with. */
final class VersionText {

    private static final Path KERNEL = Path.of("/proc/sys/kernel/osrelease");

    private VersionText() {}

    static void print(PrintWriter out) {
        out.println("standpipe " + Version.current());
        out.println("commit " + Commit.ID);
        out.println("JDK " + System.getProperty("java.vm.version") + " (" + System.getProperty("java.vendor") + ")");
        out.println("Linux " + kernel() + " " + System.getProperty("os.arch"));
    }

    private static String kernel() {
        try {
            return Files.readString(KERNEL).strip();
        } catch (IOException e) {
            return System.getProperty("os.version");
        }
    }
}
