// SPDX-License-Identifier: Apache-2.0
package io.standpipe.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The JDKs of this machine: the running one, and those in the directory where distributions install JDKs. */
public final class Jdks {

    private static final Path DISTRIBUTIONS = Path.of("/usr/lib/jvm");

    /** @param feature the first number of the version */
    public record Jdk(int feature, Path home) {

        public String java() {
            return home.resolve("bin/java").toString();
        }

        /** Returns the flags with which this JDK checks and restricts native code most. */
        public List<String> strict() {
            return feature >= 24
                    ? List.of("-Xcheck:jni", "--illegal-native-access=deny", "--enable-native-access=ALL-UNNAMED")
                    : List.of("-Xcheck:jni");
        }

        @Override
        public String toString() {
            return "JDK " + feature;
        }
    }

    private Jdks() {}

    /** Returns one JDK for each version from 17 on. */
    public static List<Jdk> installed() throws IOException {
        Map<Integer, Jdk> found = new TreeMap<>();
        add(Path.of(System.getProperty("java.home")), found);
        if (Files.isDirectory(DISTRIBUTIONS)) {
            try (Stream<Path> homes = Files.list(DISTRIBUTIONS)) {
                for (Path home : homes.sorted().toList()) {
                    add(home, found);
                }
            }
        }
        return List.copyOf(found.values());
    }

    private static void add(Path home, Map<Integer, Jdk> found) throws IOException {
        Path release = home.resolve("release");
        if (!Files.isExecutable(home.resolve("bin/java")) || !Files.isReadable(release)) {
            return;
        }
        Properties properties = new Properties();
        try (var reader = Files.newBufferedReader(release)) {
            properties.load(reader);
        }
        String version = properties.getProperty("JAVA_VERSION", "").replace("\"", "");
        int feature = Runtime.Version.parse(version).feature();
        if (feature >= 17) {
            found.putIfAbsent(feature, new Jdk(feature, home.toRealPath()));
        }
    }
}
