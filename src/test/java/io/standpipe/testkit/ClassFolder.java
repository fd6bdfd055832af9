// SPDX-License-Identifier: Apache-2.0
package io.standpipe.testkit;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A folder that classes are loaded from, which takes a free descriptor for each; a jar is open already. */
public final class ClassFolder {

    private static final String SUFFIX = ".class";

    private ClassFolder() {}

    /** Loads all classes beside one, without initializing them. */
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
            throw new AssertionError("cannot tell where " + one + " is from", e);
        }
    }
}
