// SPDX-License-Identifier: Apache-2.0
package io.standpipe.benchmarks;

import com.google.gson.Gson;
import com.sun.management.ThreadMXBean;
import io.standpipe.Checkpoint;
import io.standpipe.Restore;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a pipe costs a checkpoint and a restore besides time: bytes of the Java heap, and system calls, which strace counts. */
public final class Costs {

    /** How many bytes of the heap a pipe should cost. */
    static final int HEAP_TARGET_BYTES = 1024;

    /** The most bytes of the heap that a pipe may cost. */
    static final int HEAP_BUDGET_BYTES = 2048;

    /** The most system calls that a pipe with both its ends may cost: twenty for a checkpoint of one with bytes in it. */
    static final Map<String, Integer> CALL_BUDGETS = Map.of(Images.CHECKPOINT, 22, Images.RESTORE, 6);

    private static final List<String> SETS = List.of("1000xempty", "1000x4KiB", "100x64KiB");
    private static final int WARM_UP = 300;
    private static final int SAMPLES = 21;
    private static final String TRACED =
            "trace=openat,close,close_range,fstat,newfstatat,pipe2,fcntl,ioctl,tee,splice,vmsplice,read,readv,pread64,write,pwrite64,"
                    + "writev,poll,fallocate,sync_file_range,fdatasync";

    /**
     * What was counted.
     *
     * @param callsPerPipe by system call, none where strace is not installed
     */
    record Cost(String work, String set, double heapBytesPerPipe, Map<String, Double> callsPerPipe) {

        double callsOfPipe() {
            return callsPerPipe.values().stream().mapToDouble(Double::doubleValue).sum();
        }
    }

    private Costs() {}

    /** Arguments: the file of the results, the directory for images, and other sets than the usual ones. */
    public static void main(String[] arguments) throws IOException {
        List<Cost> costs = new ArrayList<>();
        try (Scratch scratch = new Scratch(Path.of(arguments[1]))) {
            for (String set : arguments.length > 2 ? List.of(arguments).subList(2, arguments.length) : SETS) {
                for (String work : List.of(Images.CHECKPOINT, Images.RESTORE)) {
                    Cost cost = new Cost(work, set, heapBytes(work, set, scratch), calls(work, set, scratch));
                    costs.add(cost);
                    System.out.printf(
                            "%-10s %-12s %6.0f bytes of the heap for a pipe (budget %d), %5.2f system calls (budget %d)%n", work, set,
                            cost.heapBytesPerPipe(), HEAP_BUDGET_BYTES, cost.callsOfPipe(), CALL_BUDGETS.get(work));
                }
            }
        }
        Files.writeString(Path.of(arguments[0]), new Gson().toJson(costs) + "\n");
    }

    private static double heapBytes(String work, String set, Scratch scratch) throws IOException {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (Repeated repeated = new Repeated(work, set, scratch.file("costs.ckpt"))) {
            for (int i = 0; i < WARM_UP; i++) {
                repeated.run();
            }
            double[] bytes = new double[SAMPLES];
            for (int i = 0; i < SAMPLES; i++) {
                long before = threads.getCurrentThreadAllocatedBytes();
                repeated.run();
                bytes[i] = threads.getCurrentThreadAllocatedBytes() - before;
            }
            return Comparisons.median(bytes) / SetSize.parse(set).pipes();
        }
    }

    /** Counts the calls of two runs and of six: the difference is what four runs cost, without what a JVM does once. */
    private static Map<String, Double> calls(String work, String set, Scratch scratch) throws IOException {
        Map<String, Double> calls = new TreeMap<>();
        try {
            int pipes = SetSize.parse(set).pipes();
            traced(work, set, 6, scratch).forEach((call, count) -> calls.put(call, (double) count / 4 / pipes));
            traced(work, set, 2, scratch).forEach((call, count) -> calls.merge(call, -(double) count / 4 / pipes, Double::sum));
            calls.values().removeIf(count -> count < 0.005);
        } catch (IOException e) {
            System.out.println("system calls were not counted: " + e.getMessage());
            calls.clear();
        }
        return calls;
    }

    private static Map<String, Integer> traced(String work, String set, int times, Scratch scratch) throws IOException {
        Path summary = scratch.file("strace.txt");
        List<String> command = List.of(
                "strace", "-f", "-c", "-U", "name,calls", "-e", TRACED, "-o", summary.toString(),
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xint", "-cp", System.getProperty("java.class.path"),
                Repeated.class.getName(), work, set, scratch.file("costs.ckpt").toString(), Integer.toString(times));
        if (Floor.await(new ProcessBuilder(command).inheritIO().start()) != 0) {
            throw new IOException("strace failed");
        }
        Map<String, Integer> counts = new TreeMap<>();
        for (String line : Files.readAllLines(summary)) {
            String[] words = line.strip().split(" +");
            if (words.length == 2 && words[1].matches("\\d+") && !words[0].equals("total")) {
                counts.put(words[0], Integer.parseInt(words[1]));
            }
        }
        return counts;
    }

    /** A checkpoint over the image of the time before, or a restore and closing what was restored. */
    public static final class Repeated implements AutoCloseable {

        private final PipeSet pipes;
        private final Contender.Work work;

        Repeated(String work, String set, Path image) throws IOException {
            pipes = PipeSet.filled(set);
            Checkpoint checkpoint = Checkpoint.ofDescriptors(pipes.fds());
            checkpoint.writeTo(image);
            this.work = work.equals(Images.CHECKPOINT)
                    ? () -> checkpoint.writeTo(image)
                    : () -> Restore.from(image).open().close();
        }

        void run() throws IOException {
            work.run();
        }

        @Override
        public void close() throws IOException {
            pipes.close();
        }

        /** Arguments: checkpoint or restore, the set, the image, and how many times. */
        public static void main(String[] arguments) throws IOException {
            try (Repeated repeated = new Repeated(arguments[0], arguments[1], Path.of(arguments[2]))) {
                for (int i = 0; i < Integer.parseInt(arguments[3]); i++) {
                    repeated.run();
                }
            }
        }
    }
}
