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
 * The fds that this process was started with: standard input, output and error unless the caller closed them, and redirections
 * such as {@code 9>lock}. A restored command inherits them, as it would if the caller had started it directly.
 */
final class InheritedDescriptors {

    private static final String FDS = "/proc/self/fd";

    private InheritedDescriptors() {}

    /**
     * Returns the inherited fds. Must be called before anything else opens a file: until then the JVM itself has opened only the
     * files of java.home and of the class path. Lists the directory by {@code java.io.File}, since loading the native library
     * opens more.
     */
    static Set<Integer> find() throws IOException {
        Set<Path> classPath = new HashSet<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (!entry.isEmpty()) {
                classPath.add(new File(entry).getCanonicalFile().toPath());
            }
        }
        Path javaHome = Path.of(System.getProperty("java.home")).toRealPath();
        String[] fds = new File(FDS).list();
        if (fds == null) {
            throw new IOException(FDS + " cannot be listed");
        }
        Set<Integer> inherited = new TreeSet<>();
        for (String fd : fds) {
            if (isInherited(fd, javaHome, classPath)) {
                inherited.add(Integer.valueOf(fd));
            }
        }
        return inherited;
    }

    private static boolean isInherited(String fd, Path javaHome, Set<Path> classPath) {
        try {
            Path opened = Files.readSymbolicLink(Path.of(FDS, fd));
            return !opened.startsWith(javaHome) && !classPath.contains(opened);
        } catch (IOException e) {
            // The fd that the listing was read from is closed by now.
            return false;
        }
    }
}
