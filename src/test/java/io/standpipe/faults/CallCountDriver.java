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
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Tells how many system calls, and bytes of the heap, each pipe costs: what 200 of them cost beyond 100, for each. */
final class CallCountDriver {

    private static final int[] LENGTHS = {0, 4_096, 65_536};
    private static final int FEW = 100;
    private static final int MANY = 200;
    /**
     * So many that other processes, which come and go, make no difference; twice as many would take more pages than a user without
     * privileges may have in pipes.
     */
    private static final int VERY_MANY = 300;
    private static final int WARM_UP = 30;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private interface Work {
        void run() throws StandpipeException;
    }

    private interface Preparation {
        Work of(int[] numbers) throws StandpipeException;
    }

    private record Cost(Map<String, Integer> calls, long heapBytes, long directBuffers) {}

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

    /** Fewer pipes first, while there are no others: those of this process that are not named are looked at too. */
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

    /** Returns the numbers of all. */
    private static int[] fill(List<TestPipe> pipes, int count, int lengthBytes) throws IOException {
        while (pipes.size() < count) {
            pipes.add(TestPipe.holding(RandomBytes.of(lengthBytes)));
        }
        return pipes.stream().flatMapToInt(pipe -> IntStream.of(pipe.readFd(), pipe.writeFd())).toArray();
    }

    private List<Cost> costs(List<Preparation> preparations, int[] numbers) throws StandpipeException {
        List<Cost> costs = new ArrayList<>();
        for (Preparation preparation : preparations) {
            costs.add(cost(preparation.of(numbers)));
        }
        return costs;
    }

    /** Fills a column; returns how many bytes of the heap a pipe took. */
    private long compare(Cost few, Cost many, int at) {
        table.add(at, few.calls, many.calls, MANY - FEW);
        return (many.heapBytes - few.heapBytes) / (MANY - FEW);
    }

    private Work checkpoint(int[] numbers) {
        Checkpoint checkpoint = Checkpoint.ofDescriptors(numbers);
        return () -> checkpoint.writeTo(image);
    }

    private Work restore(int[] numbers) throws StandpipeException {
        Checkpoint.ofDescriptors(numbers).writeTo(image);
        return () -> Restore.from(image).open().close();
    }

    /** Without looking who else holds them: other processes come and go. */
    private Work inPlace(int[] numbers) throws StandpipeException {
        return inPlace(PipesInPlace.of(IntStream.of(numbers).boxed().toArray()).cuttingOffOthers());
    }

    private Work inPlace(PipesInPlace pipes) throws StandpipeException {
        pipes.checkpoint(image);
        return () -> pipes.restore(Restore.from(image));
    }

    private Cost cost(Work work) throws StandpipeException {
        for (int i = 0; i < WARM_UP; i++) {
            work.run();
        }
        control.forgetCounts();
        long directBuffers = directBuffers();
        long before = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
        work.run();
        long heapBytes = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
        directBuffers = directBuffers() - directBuffers;
        return new Cost(control.counts(false), heapBytes, directBuffers);
    }

    /** How many there are. */
    private static long directBuffers() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getCount)
                .sum();
    }

    /** How many calls more each pipe takes where those who hold it besides are looked for. */
    private long looking() throws IOException {
        List<TestPipe> pipes = new ArrayList<>();
        int[] few = fill(pipes, FEW, 0);
        int looking = -fewestCalls(few, false);
        int cuttingOff = -fewestCalls(few, true);
        int[] many = fill(pipes, VERY_MANY, 0);
        looking += fewestCalls(many, false);
        cuttingOff += fewestCalls(many, true);
        pipes.forEach(TestPipe::close);
        return Math.round((looking - cuttingOff) / (double) (VERY_MANY - FEW));
    }

    private int fewestCalls(int[] numbers, boolean cuttingOff) throws StandpipeException {
        PipesInPlace named = PipesInPlace.of(IntStream.of(numbers).boxed().toArray());
        Work work = inPlace(cuttingOff ? named.cuttingOffOthers() : named);
        int fewest = Integer.MAX_VALUE;
        for (int i = 0; i < WARM_UP; i++) {
            control.forgetCounts();
            work.run();
            fewest = Math.min(
                    fewest, control.counts(false).values().stream().mapToInt(Integer::intValue).sum());
        }
        return fewest;
    }
}
