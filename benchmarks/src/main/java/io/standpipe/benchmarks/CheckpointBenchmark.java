// SPDX-License-Identifier: Apache-2.0
package io.standpipe.benchmarks;

import io.standpipe.Checkpoint;
import io.standpipe.CheckpointReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Saving a set of pipes to a file that did not exist: for what it allocates. {@link Images} compares how long it takes. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@State(Scope.Thread)
public class CheckpointBenchmark {

    @Param({"1x64KiB", "100x64KiB", "1000x4KiB", "1000xempty"})
    public String set;

    @Param("/dev/shm")
    public String folder;

    private PipeSet pipes;
    private Checkpoint checkpoint;
    private Path image;

    @Setup
    public void setUp() throws IOException {
        image = Files.createDirectories(Path.of(folder)).resolve("checkpoint.ckpt");
        Files.deleteIfExists(image);
        pipes = PipeSet.filled(PipeSetSize.parse(set));
        checkpoint = Checkpoint.ofDescriptors(pipes.descriptors());
    }

    /** Not timed. A call takes long enough, by far, for the clock to be read around each. */
    @TearDown(Level.Invocation)
    public void removeImage() throws IOException {
        Files.delete(image);
    }

    @TearDown
    public void tearDown() throws IOException {
        pipes.checkUntouched();
        pipes.close();
    }

    @Benchmark
    public CheckpointReport standpipe() throws IOException {
        return checkpoint.writeTo(image);
    }

    /** Where no survey may be taken, and each descriptor is asked. */
    @Benchmark
    @Fork(value = 1, jvmArgsAppend = "-Dstandpipe.survey=off")
    public CheckpointReport asking() throws IOException {
        return checkpoint.writeTo(image);
    }
}
