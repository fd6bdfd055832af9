// SPDX-License-Identifier: Apache-2.0
package io.standpipe.benchmarks;

import io.standpipe.internal.format.ObjectHash;
import io.standpipe.internal.format.ObjectType;

import it.unimi.dsi.fastutil.objects.Object2IntOpenHashMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
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
 * Who is who among pipes, each met twice. "Collecting" is what a checkpoint does: from nothing, the read ends of all and then
 * the write ends. "Looking up" is of pipes that were all met before, in no order. The time is that of all of them.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@State(Scope.Thread)
public class ObjectHashBenchmark {

    private static final long PIPE_FILE_SYSTEM = 14;
    private static final int FIRST_INODE = 48_000;

    private record Key(ObjectType type, long dev, long ino) {}

    @Param({"1000", "10000", "100000"})
    public int pipes;

    private long[] ascending;
    private long[] shuffled;
    private ObjectHash objectHash;
    private Map<Key, Integer> hashMap;
    private Object2IntOpenHashMap<Key> fastutil;

    /** Inodes that ascend, now and then with a gap, as those of pipes made one after another do. */
    @Setup
    public void setUp() {
        Random random = new Random(1);
        ascending = new long[pipes];
        long inode = FIRST_INODE;
        for (int i = 0; i < pipes; i++) {
            inode += random.nextInt(8) == 0 ? 1 + random.nextInt(8) : 1;
            ascending[i] = inode;
        }
        shuffled = ascending.clone();
        for (int i = pipes - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            long swapped = shuffled[i];
            shuffled[i] = shuffled[other];
            shuffled[other] = swapped;
        }
        long sum = collectStandpipe();
        if (sum != collectHashMap() || sum != collectFastutil() || objectHash.size() != pipes) {
            throw new IllegalStateException("they disagree about " + pipes + " pipes");
        }
    }

    @Benchmark
    public long collectStandpipe() {
        objectHash = new ObjectHash();
        return addStandpipe(ascending) + addStandpipe(ascending);
    }

    @Benchmark
    public long collectHashMap() {
        hashMap = new HashMap<>();
        return addHashMap(ascending) + addHashMap(ascending);
    }

    @Benchmark
    public long collectFastutil() {
        fastutil = new Object2IntOpenHashMap<>();
        return addFastutil(ascending) + addFastutil(ascending);
    }

    @Benchmark
    public long lookUpStandpipe() {
        return addStandpipe(shuffled);
    }

    @Benchmark
    public long lookUpHashMap() {
        return addHashMap(shuffled);
    }

    @Benchmark
    public long lookUpFastutil() {
        return addFastutil(shuffled);
    }

    private long addStandpipe(long[] inodes) {
        long sum = 0;
        for (long inode : inodes) {
            sum += objectHash.lookupAdd(ObjectType.INODE, PIPE_FILE_SYSTEM, inode);
        }
        return sum;
    }

    private long addHashMap(long[] inodes) {
        long sum = 0;
        for (long inode : inodes) {
            Key key = new Key(ObjectType.INODE, PIPE_FILE_SYSTEM, inode);
            Integer objref = hashMap.get(key);
            if (objref == null) {
                objref = hashMap.size() + 1;
                hashMap.put(key, objref);
            }
            sum += objref;
        }
        return sum;
    }

    private long addFastutil(long[] inodes) {
        long sum = 0;
        for (long inode : inodes) {
            Key key = new Key(ObjectType.INODE, PIPE_FILE_SYSTEM, inode);
            int objref = fastutil.getInt(key);
            if (objref == 0) {
                objref = fastutil.size() + 1;
                fastutil.put(key, objref);
            }
            sum += objref;
        }
        return sum;
    }
}
