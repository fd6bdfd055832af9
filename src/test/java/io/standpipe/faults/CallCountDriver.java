// SPDX-License-Identifier: Apache-2.0
package io.standpipe.faults;

import com.sun.management.ThreadMXBean;
import io.standpipe.Checkpoint;
import io.standpipe.PipesInPlace;
import io.standpipe.Restore;
import io.standpipe.StandpipeException;
import io.standpipe.testkit.RandomBytes;
import io.standpipe.testkit.TestPipe;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Prints how many system calls, bytes of the heap and direct buffers one pipe of this process costs: what 200 pipes cost beyond what
 * 100 cost, for each.
 */
final class CallCountDriver {

    private static final int[] LENGTHS = {0, 4_096, 65_536};
    private static final int FEW = 100;
    private static final int MANY = 200;
    /** Twice as many would take more pages than a user without privileges may have in pipes. */
    private static final int VERY_MANY = 300;
    private static final int WARM_UP = 30;
    private static final int ROUNDS = 21;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private interface Work {
        void run() throws StandpipeException;
    }

    private interface Preparation {
        Work of(int[] fds) throws StandpipeException;
    }

    private record Cost(Map<String, Integer> calls, long heapBytes, long directBuffers) {

        Cost atMost(Cost other) {
            return new Cost(
                    sum(calls) <= sum(other.calls) ? calls : other.calls,
                    Math.min(heapBytes, other.heapBytes),
                    Math.min(directBuffers, other.directBuffers));
        }
    }

    private final FaultControl control;
    private final Path image;
    private final CallTable table = new CallTable(3 * LENGTHS.length);
    private final long[] heapBytes = new long[3];
    private final long[] directBuffers = new long[3];
    private int column;

    private CallCountDriver(FaultControl control, Path image) {
        this.control = control;
        this.image = image;
    }

    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        CallCountDriver driver = new CallCountDriver(FaultControl.in(folder), folder.resolve("image"));
        for (int lengthBytes : LENGTHS) {
            driver.measure(lengthBytes);
        }
        driver.table.print();
        System.out.println("heap "
                + LongStream.of(driver.heapBytes).mapToObj(Long::toString).collect(Collectors.joining(" ")));
        System.out.println("direct "
                + LongStream.of(driver.directBuffers).mapToObj(Long::toString).collect(Collectors.joining(" ")));
        System.out.println("looking " + driver.looking());
    }

    /** Measures fewer pipes first, while there are no others: pipes of this process that are not named cost something too. */
    private void measure(int lengthBytes) throws IOException {
        List<Preparation> preparations = List.of(this::checkpoint, this::restore, this::inPlace);
        List<TestPipe> pipes = new ArrayList<>();
        List<Cost> few = costs(preparations, fill(pipes, FEW, lengthBytes));
        List<Cost> many = costs(preparations, fill(pipes, MANY, lengthBytes));
        pipes.forEach(TestPipe::close);
        for (int i = 0; i < preparations.size(); i++) {
            heapBytes[i] = Math.max(heapBytes[i], compare(few.get(i), many.get(i), i * LENGTHS.length + column));
            directBuffers[i] = Math.max(directBuffers[i], few.get(i).directBuffers());
        }
        column++;
    }

    /** Adds pipes until there are so many; returns the fds of all. */
    private static int[] fill(List<TestPipe> pipes, int count, int lengthBytes) throws IOException {
        while (pipes.size() < count) {
            pipes.add(TestPipe.holding(RandomBytes.of(lengthBytes)));
        }
        return pipes.stream().flatMapToInt(pipe -> IntStream.of(pipe.readFd(), pipe.writeFd())).toArray();
    }

    private List<Cost> costs(List<Preparation> preparations, int[] fds) throws StandpipeException {
        List<Cost> costs = new ArrayList<>();
        for (Preparation preparation : preparations) {
            costs.add(cost(preparation.of(fds)));
        }
        return costs;
    }

    /** Fills a column; returns how many bytes of the heap one pipe took. */
    private long compare(Cost few, Cost many, int at) {
        table.add(at, few.calls, many.calls, MANY - FEW);
        return (many.heapBytes - few.heapBytes) / (MANY - FEW);
    }

    private Work checkpoint(int[] fds) {
        Checkpoint checkpoint = Checkpoint.ofDescriptors(fds);
        return () -> checkpoint.writeTo(image);
    }

    private Work restore(int[] fds) throws StandpipeException {
        Checkpoint.ofDescriptors(fds).writeTo(image);
        return () -> Restore.from(image).open().close();
    }

    /** Without a search for other holders, whose cost depends on other processes. */
    private Work inPlace(int[] fds) throws StandpipeException {
        return restore(named(fds).cuttingOffOthers());
    }

    private static PipesInPlace named(int[] fds) {
        return PipesInPlace.of(IntStream.of(fds).boxed().toArray());
    }

    private Work restore(PipesInPlace pipes) throws StandpipeException {
        pipes.writeTo(image);
        return () -> pipes.restore(Restore.from(image));
    }

    /** Returns the lowest cost of some runs: now and then the JVM or another process adds to it. */
    private Cost cost(Work work) throws StandpipeException {
        for (int i = 0; i < WARM_UP; i++) {
            work.run();
        }
        Cost lowest = costOfOneRun(work);
        for (int i = 1; i < ROUNDS; i++) {
            lowest = lowest.atMost(costOfOneRun(work));
        }
        return lowest;
    }

    private Cost costOfOneRun(Work work) throws StandpipeException {
        control.forgetCounts();
        long directBuffers = directBuffers();
        long before = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
        work.run();
        long heapBytes = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
        return new Cost(control.counts(false), heapBytes, directBuffers() - directBuffers);
    }

    /** Returns how many direct buffers there are. */
    private static long directBuffers() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getCount)
                .sum();
    }

    /**
     * Returns how many calls more one pipe costs if other holders are looked for: the median of some rounds, since other processes come
     * and go.
     */
    private double looking() throws IOException {
        double[] rounds = new double[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            rounds[i] = (looking(VERY_MANY) - looking(FEW)) / (double) (VERY_MANY - FEW);
        }
        Arrays.sort(rounds);
        return rounds[ROUNDS / 2];
    }

    private int looking(int count) throws IOException {
        List<TestPipe> pipes = new ArrayList<>();
        PipesInPlace inPlace = named(fill(pipes, count, 0));
        int looking = sum(inPlace) - sum(inPlace.cuttingOffOthers());
        pipes.forEach(TestPipe::close);
        return looking;
    }

    private int sum(PipesInPlace inPlace) throws StandpipeException {
        Work work = restore(inPlace);
        control.forgetCounts();
        work.run();
        return sum(control.counts(false));
    }

    private static int sum(Map<String, Integer> calls) {
        return calls.values().stream().mapToInt(Integer::intValue).sum();
    }
}
