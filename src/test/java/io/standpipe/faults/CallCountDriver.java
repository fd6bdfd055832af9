// SPDX-License-Identifier: Apache-2.0
package io.standpipe.faults;

import com.sun.management.ThreadMXBean;
import io.standpipe.Checkpoint;
import io.standpipe.Restore;
import io.standpipe.StandpipeException;
import io.standpipe.testkit.Pipes;
import io.standpipe.testkit.TestPipe;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** Tells how many system calls, and bytes of the heap, each pipe costs: what 200 of them cost beyond 100, for each. */
final class CallCountDriver {

    private static final int[] LENGTHS = {0, 4_096, 65_536};
    private static final int FEW = 100;
    private static final int MANY = 200;
    private static final int WARM_UP = 30;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private interface Work {
        void run() throws StandpipeException;
    }

    private record Cost(Map<String, Integer> calls, long heapBytes) {}

    private final FaultControl control;
    private final Path image;
    private final Map<String, String[]> table = new TreeMap<>();
    private long checkpointHeapBytes;
    private long restoreHeapBytes;
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
        driver.table.forEach((call, counts) ->
                System.out.printf("%-22s%5s%7s%7s%9s%7s%7s%n", row(call, counts)));
        System.out.println("heap " + driver.checkpointHeapBytes + " " + driver.restoreHeapBytes);
    }

    private static Object[] row(String call, String[] counts) {
        Object[] row = new Object[1 + counts.length];
        row[0] = call;
        System.arraycopy(counts, 0, row, 1, counts.length);
        return row;
    }

    private void measure(int lengthBytes) throws IOException {
        List<TestPipe> pipes = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            pipes.add(TestPipe.holding(Pipes.random(lengthBytes)));
        }
        checkpointHeapBytes = Math.max(checkpointHeapBytes, measure(pipes, false, column));
        restoreHeapBytes = Math.max(restoreHeapBytes, measure(pipes, true, LENGTHS.length + column));
        column++;
        pipes.forEach(TestPipe::close);
    }

    /** Fills a column; returns how many bytes of the heap a pipe took. */
    private long measure(List<TestPipe> pipes, boolean restoring, int at) throws StandpipeException {
        Cost few = cost(pipes.subList(0, FEW), restoring);
        Cost many = cost(pipes, restoring);
        TreeSet<String> names = new TreeSet<>(few.calls.keySet());
        names.addAll(many.calls.keySet());
        for (String name : names) {
            int difference = many.calls.getOrDefault(name, 0) - few.calls.getOrDefault(name, 0);
            if (difference != 0) {
                table.computeIfAbsent(name, none -> emptyRow())[at] = perPipe(difference);
            }
        }
        return (many.heapBytes - few.heapBytes) / (MANY - FEW);
    }

    private static String[] emptyRow() {
        String[] row = new String[2 * LENGTHS.length];
        Arrays.fill(row, "-");
        return row;
    }

    /** Less than one where records of many pipes are written or read at once. */
    private static String perPipe(int difference) {
        int pipes = MANY - FEW;
        return difference % pipes == 0
                ? Integer.toString(difference / pipes)
                : String.format(Locale.ROOT, "%.2f", difference / (double) pipes);
    }

    private Cost cost(List<TestPipe> pipes, boolean restoring) throws StandpipeException {
        int[] numbers = pipes.stream().flatMapToInt(pipe -> IntStream.of(pipe.r(), pipe.w())).toArray();
        Checkpoint checkpoint = Checkpoint.ofDescriptors(numbers);
        checkpoint.writeTo(image);
        Work work = restoring ? () -> Restore.from(image).open().close() : () -> checkpoint.writeTo(image);
        for (int i = 0; i < WARM_UP; i++) {
            work.run();
        }
        control.forgetCounts();
        long before = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
        work.run();
        long heapBytes = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
        return new Cost(control.counts(false), heapBytes);
    }
}
