// SPDX-License-Identifier: Apache-2.0
package io.standpipe.benchmarks;

import static io.standpipe.pipe.PipeFlags.SPLICE_F_NONBLOCK;

import io.netty.channel.epoll.Native;
import io.standpipe.pipe.PipeEnds;
import io.standpipe.pipe.PipeFlags;
import io.standpipe.pipe.Pipes;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** A tee and a splice of an empty pipe, which do nothing: what a call costs that is made from Java, by JNA or by Netty. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@State(Scope.Thread)
public class NativeCallBenchmark {

    private PipeEnds source;
    private PipeEnds target;

    @Setup
    public void setUp() throws IOException {
        source = Pipes.pipe2(PipeFlags.O_CLOEXEC);
        target = Pipes.pipe2(PipeFlags.O_CLOEXEC);
        if (standpipeTee() != Pipes.WOULD_BLOCK || standpipeSplice() != Pipes.WOULD_BLOCK || nettySplice() != 0) {
            throw new IllegalStateException("the pipe is not empty");
        }
    }

    @TearDown
    public void tearDown() {
        source.close();
        target.close();
    }

    @Benchmark
    public long standpipeTee() throws IOException {
        return Pipes.tee(source.readFd(), target.writeFd(), Integer.MAX_VALUE, SPLICE_F_NONBLOCK);
    }

    @Benchmark
    public long jnaTee() {
        return JnaTee.tee(source.readFd(), target.writeFd(), Integer.MAX_VALUE, SPLICE_F_NONBLOCK);
    }

    @Benchmark
    public long standpipeSplice() throws IOException {
        return Pipes.splice(source.readFd(), target.writeFd(), Integer.MAX_VALUE, SPLICE_F_NONBLOCK);
    }

    @Benchmark
    public int nettySplice() throws IOException {
        return Native.splice(source.readFd(), -1, target.writeFd(), -1, Integer.MAX_VALUE);
    }
}
