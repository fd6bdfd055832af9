// SPDX-License-Identifier: Apache-2.0
package io.standpipe.benchmarks;

import io.standpipe.Checkpoint;
import io.standpipe.Restore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The first checkpoint and the first restore of a new JVM, turn by turn with those of one that has done many. */
public final class FirstImages {

    private static final List<String> SETS = List.of("1x64KiB", "100x64KiB", "1000x4KiB");

    private FirstImages() {}

    /** Arguments: quick or full, the result's file, the folder for images, and the sets if not the usual ones. */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length < 3) {
            System.err.println("usage: FirstImages quick|full RESULT.json FOLDER [SET]...");
            System.exit(2);
        }
        ResultFile results = new ResultFile(Path.of(arguments[1]), arguments[0]);
        Path image = Files.createDirectories(Path.of(arguments[2])).resolve("first.ckpt");
        Rounds rounds = new Rounds(arguments[0].equals("full") ? 15 : 7, 0);
        for (String set : arguments.length > 3 ? List.of(arguments).subList(3, arguments.length) : SETS) {
            compare(set, image, rounds, results);
        }
        results.write();
    }

    private static void compare(String set, Path image, Rounds rounds, ResultFile results) throws IOException {
        String where = Machine.fileSystem(image.getParent());
        try (PipeSet pipes = PipeSet.filled(PipeSetSize.parse(set))) {
            Checkpoint checkpoint = Checkpoint.ofDescriptors(pipes.descriptors());
            Contender laterCheckpoint = toNewFile(
                    "standpipe", image, () -> Contender.nanosOf(() -> checkpoint.writeTo(image)));
            Contender firstCheckpoint = toNewFile("newJvm", image, () -> NewJvm.nanos(
                    FirstImage.class, List.of("checkpoint", set, image.toString())));
            results.add("firstCheckpoint", set, where, rounds.run(
                    List.of(laterCheckpoint, firstCheckpoint), laterCheckpoint));
            checkpoint.writeTo(image);
            Restore restore = Restore.from(image);
            Contender laterRestore = Contender.timed("standpipe", () -> restore.open().close());
            Contender firstRestore = Contender.of("newJvm", () -> NewJvm.nanos(
                    FirstImage.class, List.of("restore", image.toString())));
            results.add("firstRestore", set, where, rounds.run(List.of(laterRestore, firstRestore), laterRestore));
        } finally {
            Files.deleteIfExists(image);
        }
    }

    private static Contender toNewFile(String name, Path image, Contender.Sample sample) {
        return Contender.of(name, () -> {
            Files.deleteIfExists(image);
            return sample.nanos();
        });
    }
}
