// SPDX-License-Identifier: Apache-2.0
package io.standpipe.benchmarks;

import io.standpipe.Checkpoint;
import io.standpipe.internal.format.Image;
import io.standpipe.internal.format.ImageReader;

import java.io.IOException;
import java.nio.ByteBuffer;
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
import org.openjdk.jmh.annotations.Warmup;

/**
 * Laying out the records of an image and reading them back, on the heap: a checkpoint's and a restore's share of Java.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@State(Scope.Thread)
public class ImageCodecBenchmark {

    @Param({"1000xempty", "1000x4KiB"})
    public String set;

    private HeadersOnly source;
    private HeadersOnly sink;
    private Image image;

    /** A real image; what is encoded from it must be the same again. */
    @Setup
    public void setUp() throws IOException {
        Path file = Files.createTempFile("codec", ".ckpt");
        try (PipeSet pipes = PipeSet.filled(PipeSetSize.parse(set))) {
            Checkpoint.ofDescriptors(pipes.descriptors()).writeTo(file);
            byte[] bytes = Files.readAllBytes(file);
            source = new HeadersOnly(bytes.length);
            source.write(0, ByteBuffer.wrap(bytes));
        } finally {
            Files.delete(file);
        }
        image = ImageReader.read(source);
        sink = new HeadersOnly((int) source.sizeBytes());
        long length = encode();
        if (length != source.sizeBytes() || !ImageReader.read(sink).equals(image)) {
            throw new IllegalStateException("what was encoded is not what was decoded");
        }
    }

    @Benchmark
    public long encode() throws IOException {
        return ImageRecords.encode(image, sink);
    }

    @Benchmark
    public Image decode() throws IOException {
        return ImageReader.read(source);
    }
}
