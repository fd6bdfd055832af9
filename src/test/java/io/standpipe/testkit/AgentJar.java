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
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/** Jars of the classes under test; libraries are on their Class-Path. */
public final class AgentJar {

    /** The agent's jar, which the build makes before the tests. */
    public static final Path BUILT = Path.of("target/standpipe-agent.jar").toAbsolutePath();

    private AgentJar() {}

    /** Writes a jar that is the command, as the runnable jar is; the agent is on its Class-Path. */
    public static Path command(Path directory) throws IOException {
        return make(directory, Map.of(Attributes.Name.MAIN_CLASS, "io.standpipe.cli.Main"));
    }

    /** Writes a jar that is an agent of somebody's own, with the library. */
    public static Path make(Path directory, String agentClass) throws IOException {
        return make(directory, Map.of(
                new Attributes.Name("Premain-Class"), agentClass, new Attributes.Name("Agent-Class"), agentClass));
    }

    private static Path make(Path directory, Map<Attributes.Name, String> extra) throws IOException {
        Path classes = Path.of("target/classes").toAbsolutePath();
        Manifest manifest = new Manifest();
        Attributes entries = manifest.getMainAttributes();
        entries.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        entries.put(Attributes.Name.CLASS_PATH, libraries());
        extra.forEach(entries::put);
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
