// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * What this process was started with: standard input, output and error where they were not closed, and redirections such as
 * {@code 9>lock}. A restored command has them as if it had been started directly.
 */
final class InheritedDescriptors {

    private InheritedDescriptors() {}

    /**
     * To be asked first of all: what the JVM has opened by then is its modules and the class path. So the shim, for which more is
     * opened, does not list them.
     */
    static Set<Integer> find() throws IOException {
        Set<Path> classPath = new HashSet<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (!entry.isEmpty()) {
                classPath.add(real(entry));
            }
        }
        Path javaHome = Path.of(System.getProperty("java.home")).toRealPath();
        Set<Integer> inherited = new TreeSet<>();
        for (String number : numbers()) {
            if (isInherited(number, javaHome, classPath)) {
                inherited.add(Integer.valueOf(number));
            }
        }
        return inherited;
    }

    private static String[] numbers() throws IOException {
        String[] numbers = new File("/proc/self/fd").list();
        if (numbers == null) {
            throw new IOException("/proc/self/fd cannot be listed");
        }
        return numbers;
    }

    private static Path real(String entry) {
        try {
            return Path.of(entry).toRealPath();
        } catch (IOException e) {
            return Path.of(entry).toAbsolutePath();
        }
    }

    private static boolean isInherited(String number, Path javaHome, Set<Path> classPath) {
        try {
            Path opened = Files.readSymbolicLink(Path.of("/proc/self/fd/" + number));
            return !opened.startsWith(javaHome) && !classPath.contains(opened);
        } catch (IOException e) {
            // The descriptor that the listing itself was read from.
            return false;
        }
    }
}
