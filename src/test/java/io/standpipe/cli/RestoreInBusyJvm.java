// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import java.io.FileInputStream;

/**
 * Main class for {@link RestoredFdsTest}: runs the command as {@link Main} does, in a JVM that has had files open without
 * close-on-exec: one at the start, which is closed, and then another at its fd, and one more, which both stay open.
 */
final class RestoreInBusyJvm {

    private RestoreInBusyJvm() {}

    public static void main(String[] arguments) throws Exception {
        FileInputStream momentary = new FileInputStream("/proc/self/limits");
        Main main = Main.of(arguments);
        momentary.close();
        try (FileInputStream atItsFd = new FileInputStream("/etc/passwd");
                FileInputStream further = new FileInputStream("/etc/group")) {
            System.exit(atItsFd.available() + further.available() > 0 ? main.run(Output.standard()) : 1);
        }
    }
}
