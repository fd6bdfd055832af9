// SPDX-License-Identifier: Apache-2.0
package io.standpipe.benchmarks;

import io.netty.channel.epoll.Native;
import io.standpipe.internal.sys.PipeCalls;
import io.standpipe.pipe.Fd;
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

/**
 * One call that finds nothing to do, a tee or a splice of an empty pipe: across our bridge, and by other ways out of
 * the JVM. Netty has splice alone.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@State(Scope.Thread)
public class NativeCallBenchmark {

    private static final int NONBLOCK = 2;

    private long source;
    private long target;

    @Setup
    public void setUp() throws IOException {
        source = PipeCalls.pipe();
        target = PipeCalls.pipe();
        if (standpipe() != PipeCalls.WOULD_BLOCK || standpipeSplice() != PipeCalls.WOULD_BLOCK || nettySplice() != 0) {
            throw new IllegalStateException("the pipe is not empty");
        }
    }

    @TearDown
    public void tearDown() {
        for (long ends : new long[] {source, target}) {
            Fd.owning(PipeCalls.readEnd(ends)).close();
            Fd.owning(PipeCalls.writeEnd(ends)).close();
        }
    }

    @Benchmark
    public long standpipe() throws IOException {
        return PipeCalls.tee(PipeCalls.readEnd(source), PipeCalls.writeEnd(target), Integer.MAX_VALUE);
    }

    @Benchmark
    public long jna() {
        return JnaTee.tee(PipeCalls.readEnd(source), PipeCalls.writeEnd(target), Integer.MAX_VALUE, NONBLOCK);
    }

    @Benchmark
    public long standpipeSplice() throws IOException {
        return PipeCalls.splice(
                PipeCalls.readEnd(source), PipeCalls.NO_OFFSET, PipeCalls.writeEnd(target), PipeCalls.NO_OFFSET,
                Integer.MAX_VALUE);
    }

    @Benchmark
    public int nettySplice() throws IOException {
        return Native.splice(PipeCalls.readEnd(source), -1, PipeCalls.writeEnd(target), -1, Integer.MAX_VALUE);
    }

    /** Needs JDK 22 or later: elsewhere it ends with an error, and the others go on. */
    @Benchmark
    public long ffm() {
        return FfmTee.tee(PipeCalls.readEnd(source), PipeCalls.writeEnd(target), Integer.MAX_VALUE, NONBLOCK);
    }
}
