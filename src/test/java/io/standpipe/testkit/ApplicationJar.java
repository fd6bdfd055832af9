// SPDX-License-Identifier: Apache-2.0
package io.standpipe.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * An application as it is deployed: {@link com.example.Application} with libraries of its own, of versions that Standpipe does not
 * have, and maybe with Standpipe. The libraries and the loaders are the real ones; the build brings them.
 */
public final class ApplicationJar {

    /** How application and libraries come into the JVM. */
    public enum Layout {
        /** All classes in one jar. */
        SHADED,
        /** Jars in a directory, by a class loader that asks its parent last. */
        CHILD_FIRST,
        /** Jars in the jar, by the loader of Spring Boot 2.7. */
        BOOT_2,
        /** Jars in the jar, by the loader of Spring Boot 3. */
        BOOT_3
    }

    /** What {@code libraries} answers if the application has its own ones. */
    public static final String LIBRARIES = "gson 2.8.9, jackson 2.13.5, picocli 4.6.1";

    private static final Path BROUGHT = Path.of("target/applications");
    private static final List<String> JARS =
            List.of("gson.jar", "jackson-annotations.jar", "jackson-core.jar", "jackson-databind.jar", "picocli.jar");
    private static final String MAIN = "com.example.Application";

    private ApplicationJar() {}

    /**
     * Writes the application into the directory.
     *
     * @param inside whether Standpipe is one of its libraries
     * @return the arguments of {@code java} that run it
     */
    public static List<String> make(Path directory, Layout layout, boolean inside) throws IOException {
        Map<String, byte[]> libraries = new TreeMap<>();
        for (String jar : JARS) {
            libraries.put(jar, Files.readAllBytes(BROUGHT.resolve(jar)));
        }
        if (inside) {
            libraries.put("standpipe.jar", jar(Map.of(), library()));
        }
        Map<String, byte[]> application = classes(Path.of("target/test-classes"), "com/example/");
        Path jar = directory.resolve(layout + (inside ? "-with" : "-without") + ".jar");
        switch (layout) {
            case SHADED -> {
                for (byte[] library : libraries.values()) {
                    unpack(library, application);
                }
                Files.write(jar, jar(Map.of("Main-Class", MAIN), application));
            }
            case CHILD_FIRST -> {
                Path lib = Files.createDirectory(directory.resolve(jar.getFileName() + ".lib"));
                libraries.put("application.jar", jar(Map.of(), application));
                for (Map.Entry<String, byte[]> library : libraries.entrySet()) {
                    Files.write(lib.resolve(library.getKey()), library.getValue());
                }
                application.keySet().retainAll(List.of("com/example/ChildFirst.class"));
                Files.write(jar, jar(Map.of("Main-Class", "com.example.ChildFirst"), application));
                return List.of("-jar", jar.toString(), lib.toString(), MAIN);
            }
            case BOOT_2 -> Files.write(jar, boot("2", "org.springframework.boot.loader.JarLauncher", application, libraries));
            case BOOT_3 -> Files.write(jar, boot("3", "org.springframework.boot.loader.launch.JarLauncher", application, libraries));
        }
        return List.of("-jar", jar.toString());
    }

    private static byte[] boot(
            String version, String launcher, Map<String, byte[]> application, Map<String, byte[]> libraries) throws IOException {
        Map<String, byte[]> entries = new TreeMap<>();
        unpack(Files.readAllBytes(BROUGHT.resolve("spring-boot-loader-" + version + ".jar")), entries);
        application.forEach((name, bytes) -> entries.put("BOOT-INF/classes/" + name, bytes));
        libraries.forEach((name, bytes) -> entries.put("BOOT-INF/lib/" + name, bytes));
        return jar(
                Map.of("Main-Class", launcher, "Start-Class", MAIN, "Spring-Boot-Classes", "BOOT-INF/classes/",
                        "Spring-Boot-Lib", "BOOT-INF/lib/"),
                entries);
    }

    /** Returns the classes and resources of the library: the jar that the build makes of them comes after the tests. */
    private static Map<String, byte[]> library() throws IOException {
        Map<String, byte[]> classes = classes(Path.of("target/classes"), "");
        classes.keySet().removeIf(name ->
                name.startsWith("io/standpipe/cli/") || name.startsWith("io/standpipe/boot/") || name.startsWith("META-INF/"));
        return classes;
    }

    private static Map<String, byte[]> classes(Path root, String prefix) throws IOException {
        Map<String, byte[]> found = new TreeMap<>();
        try (Stream<Path> walked = Files.walk(root.resolve(prefix))) {
            for (Path file : walked.filter(Files::isRegularFile).toList()) {
                found.put(root.relativize(file).toString(), Files.readAllBytes(file));
            }
        }
        return found;
    }

    private static void unpack(byte[] jar, Map<String, byte[]> into) throws IOException {
        Path file = Files.createTempFile("standpipe-test", ".jar");
        try {
            Files.write(file, jar);
            try (ZipFile zip = new ZipFile(file.toFile())) {
                for (ZipEntry entry : zip.stream().toList()) {
                    String name = entry.getName();
                    if (!entry.isDirectory() && !name.equals("META-INF/MANIFEST.MF") && !name.endsWith("module-info.class")) {
                        into.putIfAbsent(name, zip.getInputStream(entry).readAllBytes());
                    }
                }
            }
        } finally {
            Files.delete(file);
        }
    }

    private static byte[] jar(Map<String, String> attributes, Map<String, byte[]> entries) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.forEach((name, value) -> manifest.getMainAttributes().putValue(name, value));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream stream = bytes; JarOutputStream out = new JarOutputStream(stream, manifest)) {
            List<String> directories = new ArrayList<>();
            for (Map.Entry<String, byte[]> each : entries.entrySet()) {
                putDirectories(each.getKey(), directories, out);
                out.putNextEntry(entry(each.getKey(), each.getValue()));
                out.write(each.getValue());
            }
        }
        return bytes.toByteArray();
    }

    private static void putDirectories(String name, List<String> there, JarOutputStream out) throws IOException {
        for (int slash = name.indexOf('/'); slash >= 0; slash = name.indexOf('/', slash + 1)) {
            String directory = name.substring(0, slash + 1);
            if (!there.contains(directory)) {
                there.add(directory);
                out.putNextEntry(new ZipEntry(directory));
            }
        }
    }

    /** Returns an entry that is stored as it is if it is a jar, since loaders read jars where they lie in the file. */
    private static ZipEntry entry(String name, byte[] bytes) {
        ZipEntry entry = new ZipEntry(name);
        if (name.endsWith(".jar")) {
            CRC32 checksum = new CRC32();
            checksum.update(bytes);
            entry.setMethod(ZipEntry.STORED);
            entry.setSize(bytes.length);
            entry.setCrc(checksum.getValue());
        }
        return entry;
    }
}
