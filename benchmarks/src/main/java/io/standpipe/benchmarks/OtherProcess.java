// SPDX-License-Identifier: Apache-2.0
package io.standpipe.benchmarks;

import io.standpipe.Checkpoint;
import io.standpipe.Durability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * How long a checkpoint of another process to a file in memory takes, which needs no sync: that process holds both ends of pipes
 * and sleeps.
 */
public final class OtherProcess {

    static final String PROCESS = "process";

    private static final List<String> SETS = List.of("1x64KiB", "100x64KiB", "1000x4KiB", "1000xempty");

    private OtherProcess() {}

    /** Arguments: quick or full, the file of the results, a directory in memory, and other sets than the usual ones. */
    public static void main(String[] arguments) throws IOException {
        Comparisons comparisons = new Comparisons(Path.of(arguments[1]), arguments[0]);
        try (Scratch scratch = new Scratch(Path.of(arguments[2]))) {
            for (String set : arguments.length > 3 ? List.of(arguments).subList(3, arguments.length) : SETS) {
                try {
                    compare(set, scratch, comparisons);
                } catch (IOException e) {
                    comparisons.skip("another process, " + set, e);
                }
            }
        }
        comparisons.write();
    }

    private static void compare(String set, Scratch scratch, Comparisons comparisons) throws IOException {
        Path image = scratch.file("process.ckpt");
        try (PipeHolder holder = new PipeHolder("hold", set); Floor floor = Floor.ofProcess(set, holder.pid(), scratch.directory())) {
            Checkpoint checkpoint = Checkpoint.ofProcess(holder.pid()).durability(Durability.NONE);
            comparisons.compare(PROCESS, set, scratch.fileSystem(), List.of(
                    Contender.timed(Comparisons.STANDPIPE, () -> checkpoint.writeTo(image)).after(() -> Files.deleteIfExists(image)),
                    floor));
        }
    }
}
