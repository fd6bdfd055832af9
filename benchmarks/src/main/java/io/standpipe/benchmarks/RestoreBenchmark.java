// SPDX-License-Identifier: Apache-2.0
package io.standpipe.benchmarks;

import io.standpipe.Checkpoint;
import io.standpipe.Restore;
import io.standpipe.RestoredPipes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Restoring a set of pipes from a file in the page cache, and closing them: for what it allocates. {@link Images} compares
 * how long it takes.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public class RestoreBenchmark {

    /** An image, and what restores from it. */
    @State(Scope.Thread)
    public static class SavedByStandpipe {

        @Param({"1x64KiB", "100x64KiB", "1000x4KiB", "1000xempty"})
        public String set;

        @Param("/dev/shm")
        public String folder;

        private Path image;
        private Restore restore;

        @Setup
        public void setUp() throws IOException {
            image = Files.createDirectories(Path.of(folder)).resolve("restore.ckpt");
            try (PipeSet pipes = PipeSet.filled(PipeSetSize.parse(set))) {
                Checkpoint.ofDescriptors(pipes.descriptors()).writeTo(image);
            }
            restore = Restore.from(image);
        }

        @TearDown
        public void tearDown() throws IOException {
            Files.delete(image);
        }
    }

    @Benchmark
    public int standpipe(SavedByStandpipe saved) throws IOException {
        try (RestoredPipes pipes = saved.restore.open()) {
            return pipes.hashCode();
        }
    }
}
