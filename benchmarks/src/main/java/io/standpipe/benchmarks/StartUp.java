// SPDX-License-Identifier: Apache-2.0
package io.standpipe.benchmarks;

import io.standpipe.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How long a command takes from its start to its end, and how much memory at most: as it is, and with what a JVM
 * offers.
 */
public final class StartUp {

    private static final String SET = "100x4KiB";

    private final Path jar;
    private final Path folder;
    private final int rounds;
    private final ResultFile results;

    private StartUp(Path jar, Path folder, int rounds, ResultFile results) {
        this.jar = jar;
        this.folder = folder;
        this.rounds = rounds;
        this.results = results;
    }

    /**
     * Arguments: quick or full, the result's file, the runnable jar, a folder for image and archives, and homes of
     * JDKs.
     */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length < 5) {
            System.err.println("usage: StartUp quick|full RESULT.json JAR FOLDER JAVA_HOME...");
            System.exit(2);
        }
        Path folder = Files.createDirectories(Path.of(arguments[3]));
        Path image = folder.resolve("startup.ckpt");
        try (PipeSet pipes = PipeSet.filled(PipeSetSize.parse(SET))) {
            Checkpoint.ofDescriptors(pipes.descriptors()).writeTo(image);
        }
        ResultFile results = new ResultFile(Path.of(arguments[1]), arguments[0]);
        StartUp startUp = new StartUp(Path.of(arguments[2]), folder, arguments[0].equals("full") ? 31 : 7, results);
        for (String home : List.of(arguments).subList(4, arguments.length)) {
            startUp.compare(Path.of(home), "show", List.of("show", image.toString()));
            startUp.compare(Path.of(home), "check", List.of("check"));
        }
        results.write();
    }

    private void compare(Path home, String name, List<String> command) throws IOException {
        List<Launch> launches = new ArrayList<>();
        for (JvmVariant variant : JvmVariant.of(home, folder)) {
            variant.prepare(jar);
            launches.add(new Launch(variant.name(), variant.command(jar, command)));
        }
        String where = "JDK " + JvmVariant.versionOf(home);
        List<Samples> nanos = new Rounds(rounds, 0).run(List.copyOf(launches));
        results.add(name, SET, where, nanos);
        for (Launch launch : launches) {
            results.note(launch.name(), "peakMemoryKiB", launch.medianKiB());
        }
    }
}
