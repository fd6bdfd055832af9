// SPDX-License-Identifier: Apache-2.0
package io.standpipe.benchmarks;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/**
 * A way to start a JVM. What it needs for that, an archive of classes, is left behind by a run of "standpipe demo",
 * which goes through most of the commands.
 *
 * @param training options of that run, none if nothing is needed
 */
record JvmVariant(String name, Path home, List<String> options, List<String> training) {

    private static final int FIRST_WITH_AUTOMATIC_ARCHIVE = 19;
    private static final int FIRST_WITH_CACHE = 25;
    private static final String QUICK = "-XX:TieredStopAtLevel=1";

    /** As a JVM starts when it is told nothing. */
    static JvmVariant plain(Path home) {
        return new JvmVariant("plain", home, List.of(), List.of());
    }

    /** As the README has the command start faster. */
    static JvmVariant archiveAndQuick(Path home, Path folder) throws IOException {
        return new JvmVariant(
                "archive, C1 alone", home, List.of("-XX:SharedArchiveFile=" + archiveFile(home, folder), QUICK), List.of());
    }

    /** What leaves the archive behind that {@link #archiveAndQuick} needs. */
    static JvmVariant archive(Path home, Path folder) throws IOException {
        String archive = archiveFile(home, folder);
        return new JvmVariant(
                "archive", home, List.of("-XX:SharedArchiveFile=" + archive), List.of("-XX:ArchiveClassesAtExit=" + archive));
    }

    private static String archiveFile(Path home, Path folder) throws IOException {
        return folder.resolve("standpipe-" + featureOf(home) + ".jsa").toString();
    }

    private static int featureOf(Path home) throws IOException {
        return Runtime.Version.parse(versionOf(home)).feature();
    }

    /** Those that a JDK has; the first is the plain one. */
    static List<JvmVariant> of(Path home, Path folder) throws IOException {
        int feature = featureOf(home);
        List<JvmVariant> variants = new ArrayList<>(List.of(
                plain(home),
                new JvmVariant("no sharing", home, List.of("-Xshare:off"), List.of()),
                new JvmVariant("C1 alone", home, List.of(QUICK), List.of()),
                archive(home, folder),
                archiveAndQuick(home, folder)));
        if (feature >= FIRST_WITH_AUTOMATIC_ARCHIVE) {
            List<String> automatic = List.of(
                    "-XX:+AutoCreateSharedArchive",
                    "-XX:SharedArchiveFile=" + folder.resolve("standpipe-auto-" + feature + ".jsa"));
            variants.add(new JvmVariant("automatic archive", home, automatic, automatic));
        }
        if (feature >= FIRST_WITH_CACHE) {
            String cache = folder.resolve("standpipe-" + feature + ".aot").toString();
            variants.add(new JvmVariant(
                    "AOT cache", home, List.of("-XX:AOTCache=" + cache), List.of("-XX:AOTCacheOutput=" + cache)));
        }
        return variants;
    }

    /** As the file says that every JDK has. */
    static String versionOf(Path home) throws IOException {
        Properties release = new Properties();
        release.load(new StringReader(Files.readString(home.resolve("release"))));
        return release.getProperty("JAVA_VERSION").replace("\"", "");
    }

    /** Leaves behind what the others need. */
    void prepare(Path jar) throws IOException {
        if (training.isEmpty()) {
            return;
        }
        List<String> command = java(training, jar, List.of("demo"));
        Process process = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        Floor.await(process);
        if (process.exitValue() != 0) {
            throw new IOException(String.join(" ", command) + ": exit status " + process.exitValue());
        }
    }

    List<String> command(Path jar, List<String> arguments) {
        return java(options, jar, arguments);
    }

    private List<String> java(List<String> chosen, Path jar, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(home.resolve("bin/java").toString()));
        command.addAll(chosen);
        command.addAll(List.of("-jar", jar.toString()));
        command.addAll(arguments);
        return command;
    }
}
