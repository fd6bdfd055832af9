// SPDX-License-Identifier: Apache-2.0
package io.standpipe.benchmarks;

import static io.standpipe.pipe.PipeFlags.O_CLOEXEC;
import static io.standpipe.pipe.PipeFlags.O_NONBLOCK;
import static io.standpipe.pipe.PipeFlags.SPLICE_F_NONBLOCK;

import io.standpipe.JavaDescriptor;
import io.standpipe.pipe.PipeEnds;
import io.standpipe.pipe.Pipes;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
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

/** What tee and splice take for a full pipe, beside reading its bytes and writing them to another one. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@State(Scope.Thread)
public class TeeAndSpliceBenchmark {

    @Param({"4096", "65536", "1048576"})
    public int lengthBytes;

    private PipeEnds full;
    private PipeEnds empty;
    private FileOutputStream nowhere;
    private int fdNowhere;
    private ByteBuffer memory;

    @Setup
    public void setUp() throws IOException {
        full = Pipes.pipe2(O_CLOEXEC | O_NONBLOCK, lengthBytes);
        empty = Pipes.pipe2(O_CLOEXEC | O_NONBLOCK, lengthBytes);
        nowhere = new FileOutputStream("/dev/null");
        fdNowhere = JavaDescriptor.of(nowhere).number();
        memory = ByteBuffer.allocateDirect(lengthBytes);
        checkAll(Pipes.write(full.writeFd(), memory));
    }

    @TearDown
    public void tearDown() throws IOException {
        full.close();
        empty.close();
        nowhere.close();
    }

    /** Duplicates all bytes, and drops the duplicate: a tee and a splice. */
    @Benchmark
    public void tee() throws IOException {
        checkAll(Pipes.tee(full.readFd(), empty.writeFd(), lengthBytes, SPLICE_F_NONBLOCK));
        checkAll(Pipes.splice(empty.readFd(), fdNowhere, lengthBytes, SPLICE_F_NONBLOCK));
    }

    /** Moves all bytes into the other pipe: a splice. */
    @Benchmark
    public void splice() throws IOException {
        checkAll(Pipes.splice(full.readFd(), empty.writeFd(), lengthBytes, SPLICE_F_NONBLOCK));
        swap();
    }

    /** Moves all bytes into the other pipe as one does without splice: a read and a write. */
    @Benchmark
    public void readAndWrite() throws IOException {
        checkAll(Pipes.read(full.readFd(), memory.clear()));
        checkAll(Pipes.write(empty.writeFd(), memory.flip()));
        swap();
    }

    private void swap() {
        PipeEnds filled = empty;
        empty = full;
        full = filled;
    }

    /** A short count or WOULD_BLOCK would mean that less was measured than is said. */
    private void checkAll(long moved) {
        if (moved != lengthBytes) {
            throw new IllegalStateException("of " + lengthBytes + " bytes the call moved " + moved);
        }
    }
}
