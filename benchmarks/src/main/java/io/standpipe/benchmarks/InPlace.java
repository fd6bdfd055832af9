// SPDX-License-Identifier: Apache-2.0
package io.standpipe.benchmarks;

import io.standpipe.PipesInPlace;
import io.standpipe.Restore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Restoring pipes at the numbers that they have in this JVM, turn by turn with restoring them at new ones and closing
 * these: what it costs to look who else holds them, to put them in their places and to begin anew what was under way.
 */
public final class InPlace {

    private static final List<String> SETS = List.of("1x64KiB", "100x64KiB", "1000x64KiB", "1000x4KiB");

    private InPlace() {}

    /** Arguments: quick or full, the result's file, the folder for images, and the sets if not the usual ones. */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length < 3) {
            System.err.println("usage: InPlace quick|full RESULT.json FOLDER [SET]...");
            System.exit(2);
        }
        ResultFile results = new ResultFile(Path.of(arguments[1]), arguments[0]);
        Path image = Files.createDirectories(Path.of(arguments[2])).resolve("inplace.ckpt");
        boolean full = arguments[0].equals("full");
        Rounds rounds = new Rounds(full ? 51 : 21, TimeUnit.SECONDS.toNanos(full ? 5 : 2));
        for (String set : arguments.length > 3 ? List.of(arguments).subList(3, arguments.length) : SETS) {
            compare(set, image, rounds, results);
        }
        results.write();
    }

    private static void compare(String set, Path image, Rounds rounds, ResultFile results) throws IOException {
        try (PipeSet pipes = PipeSet.filled(PipeSetSize.parse(set))) {
            Object[] numbers = Arrays.stream(pipes.descriptors()).boxed().toArray();
            PipesInPlace inPlace = PipesInPlace.of(numbers);
            inPlace.checkpoint(image);
            Restore restore = Restore.from(image);
            Contender atNewNumbers = Contender.timed("standpipe", () -> restore.open().close());
            results.add("inPlace", set, Machine.fileSystem(image.getParent()), rounds.run(
                    List.of(atNewNumbers, Contender.timed("inPlace", () -> inPlace.restore(restore))), atNewNumbers));
            pipes.checkUntouched();
        } finally {
            Files.deleteIfExists(image);
        }
    }
}
