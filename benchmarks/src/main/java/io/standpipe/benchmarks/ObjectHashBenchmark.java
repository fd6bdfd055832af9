// SPDX-License-Identifier: Apache-2.0
package io.standpipe.benchmarks;

import io.standpipe.objhash.ObjectHash;
import io.standpipe.objhash.ObjectType;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Looking up objects that were met before, in no order; the time is that of one lookup. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@State(Scope.Thread)
public class ObjectHashBenchmark {

    private static final int KEYS = 4096;
    private static final long PIPE_FILE_SYSTEM = 14;
    private static final int FIRST_INODE = 48_000;

    private record Key(ObjectType type, long dev, long ino) {}

    private final ObjectHash objectHash = new ObjectHash();
    private final Map<Key, Integer> hashMap = new HashMap<>();
    private long[] inodes;

    /** Inodes that ascend with gaps, as those of pipes made one after another do. */
    @Setup
    public void setUp() {
        Random random = new Random(1);
        inodes = random.ints(4 * KEYS, FIRST_INODE, FIRST_INODE + 4 * KEYS)
                .distinct()
                .limit(KEYS)
                .asLongStream()
                .toArray();
        for (long inode : inodes) {
            hashMap.put(
                    new Key(ObjectType.INODE, PIPE_FILE_SYSTEM, inode),
                    objectHash.lookupAdd(ObjectType.INODE, PIPE_FILE_SYSTEM, inode));
        }
        if (inodes.length != KEYS || objectHash.size() != KEYS) {
            throw new IllegalStateException(inodes.length + " keys, expected " + KEYS);
        }
    }

    @Benchmark
    @OperationsPerInvocation(KEYS)
    public long standpipe() {
        long sum = 0;
        for (long inode : inodes) {
            sum += objectHash.lookupAdd(ObjectType.INODE, PIPE_FILE_SYSTEM, inode);
        }
        return sum;
    }

    @Benchmark
    @OperationsPerInvocation(KEYS)
    public long hashMap() {
        long sum = 0;
        for (long inode : inodes) {
            sum += hashMap.get(new Key(ObjectType.INODE, PIPE_FILE_SYSTEM, inode));
        }
        return sum;
    }
}
