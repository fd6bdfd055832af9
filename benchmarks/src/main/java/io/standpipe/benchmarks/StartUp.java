// SPDX-License-Identifier: Apache-2.0
package io.standpipe.benchmarks;

import io.standpipe.Checkpoint;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/** How long a command takes from its start to its end, and its peak memory: as it is, and as the README has it start faster. */
public final class StartUp {

    static final String COMMAND = "command";

    private static final String QUICK = "-XX:TieredStopAtLevel=1";

    private StartUp() {}

    /** Arguments: quick or full, the file of the results, a directory, the runnable jar, and homes of more JDKs. */
    public static void main(String[] arguments) throws IOException {
        Comparisons comparisons = new Comparisons(Path.of(arguments[1]), arguments[0]);
        Path jar = Path.of(arguments[3]);
        try (Scratch scratch = new Scratch(Path.of(arguments[2])); PipeSet pipes = PipeSet.filled("100x4KiB")) {
            Path image = scratch.file("startup.ckpt");
            Checkpoint.ofDescriptors(pipes.fds()).writeTo(image);
            List<String> homes = new ArrayList<>(List.of(System.getProperty("java.home")));
            homes.addAll(List.of(arguments).subList(4, arguments.length));
            for (String home : homes) {
                Path javaHome = Path.of(home);
                String where = "JDK " + version(javaHome);
                Path archive = archive(javaHome, jar, scratch);
                comparisons.compare(COMMAND, "show", where, variants(javaHome, jar, archive, List.of("show", image.toString())));
                comparisons.compare(COMMAND, "check", where, variants(javaHome, jar, archive, List.of("check")));
            }
        }
        comparisons.write();
    }

    /** Returns an archive of the classes that "standpipe demo" loads, which goes through most of the commands. */
    static Path archive(Path javaHome, Path jar, Scratch scratch) throws IOException {
        Path archive = scratch.file("standpipe-" + version(javaHome) + ".jsa");
        Command.output(Command.standpipe(javaHome, List.of("-XX:ArchiveClassesAtExit=" + archive), jar, List.of("demo")));
        return archive;
    }

    static List<Command> variants(Path javaHome, Path jar, Path archive, List<String> arguments) {
        return List.of(
                new Command("command", Command.standpipe(javaHome, List.of(), jar, arguments)),
                new Command("command, archive and C1", Command.standpipe(
                        javaHome, List.of("-XX:SharedArchiveFile=" + archive, QUICK, "-Xlog:disable"), jar, arguments)));
    }

    private static String version(Path javaHome) throws IOException {
        Properties release = new Properties();
        release.load(new StringReader(Files.readString(javaHome.resolve("release"))));
        return release.getProperty("JAVA_VERSION").replace("\"", "");
    }
}
