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

    /** Those that a JDK has; the first is the plain one. */
    static List<JvmVariant> of(Path home, Path folder) throws IOException {
        int feature = Runtime.Version.parse(versionOf(home)).feature();
        String archive = folder.resolve("standpipe-" + feature + ".jsa").toString();
        String use = "-XX:SharedArchiveFile=" + archive;
        List<String> make = List.of("-XX:ArchiveClassesAtExit=" + archive);
        List<JvmVariant> variants = new ArrayList<>(List.of(
                new JvmVariant("plain", home, List.of(), List.of()),
                new JvmVariant("no sharing", home, List.of("-Xshare:off"), List.of()),
                new JvmVariant("C1 alone", home, List.of(QUICK), List.of()),
                new JvmVariant("archive", home, List.of(use), make),
                new JvmVariant("archive, C1 alone", home, List.of(use, QUICK), List.of())));
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
        List<String> command = java(training, jar);
        command.add("demo");
        Process process = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        Floor.await(process);
        if (process.exitValue() != 0) {
            throw new IOException(String.join(" ", command) + ": exit status " + process.exitValue());
        }
    }

    List<String> command(Path jar) {
        return java(options, jar);
    }

    private List<String> java(List<String> chosen, Path jar) {
        List<String> command = new ArrayList<>(List.of(home.resolve("bin/java").toString()));
        command.addAll(chosen);
        command.addAll(List.of("-jar", jar.toString()));
        return command;
    }
}
