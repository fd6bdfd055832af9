// SPDX-License-Identifier: Apache-2.0
package io.standpipe.soak;

import io.standpipe.Checkpoint;
import io.standpipe.PipesInPlace;
import io.standpipe.Restore;
import io.standpipe.RestoredPipes;
import io.standpipe.Snapshot;
import io.standpipe.StandpipeException;
import io.standpipe.pipe.Fd;
import io.standpipe.testkit.FreeFds;

import java.nio.file.Files;
import java.util.Deque;

/** A random number of descriptors is left, from none up: it works or fails in an orderly way. */
final class ExhaustedRound {

    private static final int MOST_LEFT = 40;

    private ExhaustedRound() {}

    private interface Attempt {
        void run() throws Exception;
    }

    static void run(Kind.Bench bench) throws Exception {
        Process process = new ProcessBuilder("sleep", "1000").start();
        try (SoakPipes pipes = bench.pipes()) {
            Checkpoint.ofDescriptors(pipes.numbers()).writeTo(bench.image());
            PipesInPlace inPlace = PipesInPlace.of(
                    pipes.pipes.stream().flatMap(pipe -> pipe.descriptors().stream()).toArray());
            inPlace.writeTo(bench.image());
            Deque<Fd> taken = FreeFds.takeAll();
            try {
                for (int i = bench.random().nextInt(MOST_LEFT); i > 0; i--) {
                    taken.pop().close();
                }
                attempt(bench, pipes, inPlace, process.pid());
            } finally {
                taken.forEach(Fd::close);
            }
            pipes.checkOriginals();
        } finally {
            Children.end(process);
        }
        Files.delete(bench.image());
    }

    private static void attempt(Kind.Bench bench, SoakPipes pipes, PipesInPlace inPlace, long pid) throws Exception {
        orderly(() -> Checkpoint.ofDescriptors(pipes.numbers()).writeTo(bench.image()));
        orderly(() -> {
            try (Snapshot snapshot = Checkpoint.ofDescriptors(pipes.numbers()).snapshot();
                    RestoredPipes restored = Restore.from(snapshot).open()) {
                pipes.check(restored);
            }
        });
        orderly(() -> {
            try (RestoredPipes restored = Restore.from(bench.image()).open()) {
                pipes.check(restored);
            }
        });
        orderly(() -> Checkpoint.ofProcess(pid).snapshot().close());
        orderly(() -> inPlace.restore(Restore.from(bench.image())));
    }

    private static void orderly(Attempt attempt) throws Exception {
        try {
            attempt.run();
        } catch (StandpipeException e) {
            SoakPipe.require(e.getMessage().lines().count() == 1, "not one line: " + e.getMessage());
        }
    }
}
