// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import com.sun.management.ThreadMXBean;
import io.standpipe.testkit.TestPipe;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Tells how many bytes of the heap a checkpoint takes for each pipe in a JVM that has compiled all of it: what 300 pipes take
 * beyond 100, the least of several rounds, since a round may come before the last compilation.
 */
final class SteadyStateDriver {

    private static final int FEW = 100;
    private static final int MANY = 300;
    private static final int LENGTH_BYTES = 4_096;
    private static final int CHECKPOINTS = 100;
    private static final int ROUNDS = 40;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private SteadyStateDriver() {}

    /** Arguments: where the image goes, and how many bytes are few enough to stop at. */
    public static void main(String[] arguments) throws IOException {
        Path image = Path.of(arguments[0]);
        double enough = Double.parseDouble(arguments[1]);
        List<TestPipe> pipes = new ArrayList<>();
        int[] numbers = new int[2 * MANY];
        for (int i = 0; i < MANY; i++) {
            TestPipe pipe = TestPipe.holding(new byte[LENGTH_BYTES]);
            pipes.add(pipe);
            numbers[2 * i] = pipe.r();
            numbers[2 * i + 1] = pipe.w();
        }
        Checkpoint many = Checkpoint.ofDescriptors(numbers);
        Checkpoint few = Checkpoint.ofDescriptors(Arrays.copyOf(numbers, 2 * FEW));
        double least = Double.MAX_VALUE;
        for (int i = 0; i < ROUNDS && least > enough; i++) {
            least = Math.min(least, (heapBytes(many, image) - heapBytes(few, image)) / (MANY - FEW));
        }
        System.out.printf("%.1f%n", least);
        pipes.forEach(TestPipe::close);
    }

    /** Of one checkpoint, the mean. */
    private static double heapBytes(Checkpoint checkpoint, Path image) throws StandpipeException {
        long before = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
        for (int i = 0; i < CHECKPOINTS; i++) {
            checkpoint.writeTo(image);
        }
        return (double) (THREADS.getThreadAllocatedBytes(Thread.currentThread().getId()) - before) / CHECKPOINTS;
    }
}
