// SPDX-License-Identifier: Apache-2.0
package io.standpipe.benchmarks;

import io.standpipe.Checkpoint;
import io.standpipe.Restore;
import io.standpipe.RestoredPipes;
import java.io.IOException;
import java.nio.channels.Pipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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

/** Restoring a set of pipes from a file in the page cache, and closing them. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public class RestoreBenchmark {

    /** An image, and what restores from it. */
    @State(Scope.Thread)
    public static class SavedByStandpipe {

        @Param({"1x64KiB", "100x64KiB", "1000x4KiB", "64x1MiB", "1000xempty"})
        public String set;

        @Param("target/images")
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

    /** The baseline's file. Its sets are those that fit pipes of the default capacity, which Java cannot change. */
    @State(Scope.Thread)
    public static class SavedByJava {

        @Param({"1x64KiB", "100x64KiB", "1000x4KiB", "1000xempty"})
        public String set;

        @Param("target/images")
        public String folder;

        private final JavaCopy javaCopy = new JavaCopy();
        private Path file;

        @Setup
        public void setUp() throws IOException {
            PipeSetSize size = PipeSetSize.parse(set);
            if (size.bytesEach() > PipeSetSize.DEFAULT_CAPACITY_BYTES) {
                throw new IllegalArgumentException("set is " + set
                        + ", and Java alone cannot make a pipe hold more than "
                        + PipeSetSize.DEFAULT_CAPACITY_BYTES + " bytes");
            }
            file = Files.createDirectories(Path.of(folder)).resolve("restore.copy");
            try (PipeSet pipes = PipeSet.filled(size)) {
                javaCopy.save(pipes, file);
            }
        }

        @TearDown
        public void tearDown() throws IOException {
            Files.deleteIfExists(file);
        }
    }

    @Benchmark
    public int standpipe(SavedByStandpipe saved) throws IOException {
        try (RestoredPipes pipes = saved.restore.open()) {
            return pipes.hashCode();
        }
    }

    @Benchmark
    public int javaCopy(SavedByJava saved) throws IOException {
        List<Pipe> pipes = saved.javaCopy.load(saved.file);
        JavaCopy.close(pipes);
        return pipes.size();
    }
}
