// SPDX-License-Identifier: Apache-2.0
package io.standpipe.soak;

import io.standpipe.Checkpoint;
import io.standpipe.InPlaceReport;
import io.standpipe.PipesInPlace;
import io.standpipe.Restore;
import io.standpipe.internal.sys.PipeCalls;
import io.standpipe.pipe.Pipes;
import java.nio.file.Files;
import java.util.List;

/** Pipes of this JVM, restored at the numbers they have: they were used since, or their numbers were given up. */
final class InPlaceRound {

    private InPlaceRound() {}

    static void run(Kind.Bench bench) throws Exception {
        try (SoakPipes pipes = bench.pipes()) {
            PipesInPlace inPlace = PipesInPlace.of(
                    pipes.pipes.stream().flatMap(pipe -> pipe.descriptors().stream()).toArray());
            inPlace.writeTo(bench.image());
            if (bench.random().nextBoolean()) {
                inPlace.vacate();
            } else {
                for (SoakPipe pipe : pipes.pipes) {
                    consume(pipe, bench);
                }
            }
            InPlaceReport report = inPlace.restore(Restore.from(bench.image()));
            SoakPipe.require(report.kept().isEmpty(), "kept as they are: " + report.kept());
            SoakPipe.require(report.deviations().equals(List.of()), "not as it was: " + report.deviations());
            // What stands at the numbers now is what the descriptors of this process are.
            Checkpoint.ofDescriptors(pipes.numbers()).writeTo(bench.image());
            pipes.checkOriginals();
        }
        Files.delete(bench.image());
    }

    private static void consume(SoakPipe pipe, Kind.Bench bench) throws Exception {
        if (Pipes.queuedBytes(pipe.reader()) > 0) {
            PipeCalls.read(pipe.reader(), bench.memory(), 0, 1 + bench.random().nextInt(bench.memory().sizeBytes()));
        }
    }
}
