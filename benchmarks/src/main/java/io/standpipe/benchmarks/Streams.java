// SPDX-License-Identifier: Apache-2.0
package io.standpipe.benchmarks;

import io.standpipe.Checkpoint;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;

/** How long a checkpoint of this process's own pipes takes that goes into a pipe, from which another process reads and keeps nothing. */
public final class Streams {

    static final String STREAM = "stream";

    private static final List<String> SETS = List.of("100x64KiB", "64x1MiB", "1000x4KiB");

    private Streams() {}

    /** Arguments: quick or full, the file of the results, and other sets than the usual ones. */
    public static void main(String[] arguments) throws IOException {
        Comparisons comparisons = new Comparisons(Path.of(arguments[1]), arguments[0]);
        for (String set : arguments.length > 2 ? List.of(arguments).subList(2, arguments.length) : SETS) {
            try {
                compare(set, comparisons);
            } catch (IOException e) {
                comparisons.skip("a stream, " + set, e);
            }
        }
        comparisons.write();
    }

    private static void compare(String set, Comparisons comparisons) throws IOException {
        Process reader = Floor.start("discard");
        try (PipeSet pipes = PipeSet.filled(set); Floor floor = Floor.ofStream(set); OutputStream out = reader.getOutputStream()) {
            Checkpoint checkpoint = Checkpoint.ofDescriptors(pipes.fds());
            comparisons.compare(STREAM, set, "a pipe", List.of(
                    Contender.timed(Comparisons.STANDPIPE, () -> checkpoint.writeTo(out)), floor));
            pipes.checkAndDrain();
        } finally {
            Floor.await(reader);
        }
    }
}
