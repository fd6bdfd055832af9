// SPDX-License-Identifier: Apache-2.0
package io.standpipe.testkit;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A directory from which classes are loaded: loading one takes a free fd, unlike loading from a jar, which is open. */
public final class ClassDirectory {

    private static final String SUFFIX = ".class";

    private ClassDirectory() {}

    /** Loads all classes of the directory that the class comes from, without initializing them; does nothing for a jar. */
    public static void loadAllBeside(Class<?> one) throws IOException {
        Path root = rootOf(one);
        if (!Files.isDirectory(root)) {
            return;
        }
        List<Path> files;
        try (Stream<Path> walked = Files.walk(root)) {
            files = walked.map(root::relativize)
                    .filter(file -> file.toString().endsWith(SUFFIX) && !file.endsWith("module-info.class"))
                    .toList();
        }
        for (Path file : files) {
            load(file.toString(), one.getClassLoader());
        }
    }

    private static void load(String file, ClassLoader loader) {
        String name = file.substring(0, file.length() - SUFFIX.length()).replace('/', '.');
        try {
            Class.forName(name, false, loader);
        } catch (ClassNotFoundException e) {
            throw new AssertionError("cannot load " + name, e);
        }
    }

    private static Path rootOf(Class<?> one) {
        try {
            return Path.of(one.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError("unknown origin of " + one, e);
        }
    }
}
