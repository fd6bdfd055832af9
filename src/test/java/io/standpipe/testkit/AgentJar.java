// SPDX-License-Identifier: Apache-2.0
package io.standpipe.testkit;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/** Makes a jar of the classes under test with the manifest entries of the runnable jar; libraries are on its Class-Path. */
public final class AgentJar {

    private AgentJar() {}

    /** Writes the jar into the directory and returns its path. */
    public static Path make(Path directory, String agentClass) throws IOException {
        Path classes = Path.of("target/classes").toAbsolutePath();
        Manifest manifest = new Manifest();
        Attributes entries = manifest.getMainAttributes();
        entries.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        entries.put(Attributes.Name.MAIN_CLASS, "io.standpipe.cli.Main");
        entries.put(Attributes.Name.CLASS_PATH, libraries());
        entries.put(new Attributes.Name("Premain-Class"), agentClass);
        entries.put(new Attributes.Name("Agent-Class"), agentClass);
        entries.put(new Attributes.Name("Enable-Native-Access"), "ALL-UNNAMED");
        Path jar = directory.resolve("standpipe-test.jar");
        List<Path> files;
        try (Stream<Path> walked = Files.walk(classes)) {
            files = walked.filter(Files::isRegularFile).toList();
        }
        try (OutputStream file = Files.newOutputStream(jar); JarOutputStream out = new JarOutputStream(file, manifest)) {
            for (Path each : files) {
                out.putNextEntry(new ZipEntry(classes.relativize(each).toString()));
                Files.copy(each, out);
            }
        }
        return jar;
    }

    /** Returns the URIs of what is on this test's class path, except for the classes under test. */
    private static String libraries() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.endsWith("target/classes"))
                .map(Path::of)
                .map(Path::toUri)
                .map(URI::toString)
                .collect(Collectors.joining(" "));
    }
}
