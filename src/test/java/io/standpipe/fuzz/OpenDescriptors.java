// SPDX-License-Identifier: Apache-2.0
package io.standpipe.fuzz;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;

/** Which pipes, FIFOs and files in memory this process has open: what a restore makes. */
final class OpenDescriptors {

    private static final File FOLDER = new File("/proc/self/fd");

    private OpenDescriptors() {}

    static Set<String> list() {
        Set<String> found = new TreeSet<>();
        for (String number : FOLDER.list()) {
            String link = link(number);
            if (link.startsWith("pipe:") || link.contains("standpipe")) {
                found.add(number + " " + link);
            }
        }
        return found;
    }

    static void expect(Set<String> before) {
        Set<String> after = list();
        ImageOracle.require(after.equals(before), "descriptors were " + before + " and are " + after);
    }

    private static String link(String number) {
        try {
            return Files.readSymbolicLink(Path.of(FOLDER.getPath(), number)).toString();
        } catch (IOException e) {
            // The listing's own, which is closed by now.
            return "";
        }
    }
}
