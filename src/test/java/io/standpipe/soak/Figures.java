// SPDX-License-Identifier: Apache-2.0
package io.standpipe.soak;

import io.standpipe.testkit.Await;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What this JVM has of the things that leak.
 *
 * @param descriptors open ones of its own
 * @param threads as the system counts them, without those that the JDK keeps for a minute after a child has ended
 * @param heapBytes in use after a collection
 * @param directBuffers how many there are after a collection, and {@code directBytes} how long they are together
 * @param residentBytes the whole process's
 * @param files in the folder that the rounds work in, and in that of temporary files
 * @param children that run or were not waited for
 */
record Figures(
        long descriptors, long threads, long heapBytes, long directBuffers, long directBytes, long residentBytes,
        long files, long children) {

    private static final String REAPER = "process reaper";

    /** What a collection leaves differs by what the JVM itself keeps softly: class data, the compiler's profiles. */
    private static final long HEAP_BOUND_BYTES = 1 << 20;

    /**
     * The heap is all touched from the start, so what grows is outside of it: compiled code, which comes for minutes and may
     * have 16 MiB, and the C library's arenas. Direct buffers are counted besides; what else is native is small, and goes
     * beyond this only in a long run.
     */
    private static final long RESIDENT_BOUND_BYTES = 24 << 20;

    private static final int COLLECTIONS_WITHOUT_EFFECT = 10;

    /** Takes them as soon as nothing is under way. */
    static Figures take(Path folder) throws IOException {
        Await.until("no child is left", () -> countChildren() == 0);
        BufferPoolMXBean direct = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .findFirst()
                .orElseThrow();
        awaitCollected(direct);
        return new Figures(
                countDescriptors(), countThreads(),
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
                direct.getCount(), direct.getMemoryUsed(), resident(), countFiles(folder), countChildren());
    }

    /** Buffers are freed by a thread of the JVM's, some time after a collection. */
    private static void awaitCollected(BufferPoolMXBean direct) {
        long[] last = new long[2];
        Await.until("collections free no buffer any more", () -> {
            System.gc();
            last[1] = direct.getCount() == last[0] ? last[1] + 1 : 0;
            last[0] = direct.getCount();
            return last[1] == COLLECTIONS_WITHOUT_EFFECT;
        });
    }

    /** What is more than it was, a sentence each. */
    List<String> leaksSince(Figures before) {
        List<String> leaks = new ArrayList<>();
        compare(leaks, "descriptors", before.descriptors, descriptors, 0);
        compare(leaks, "threads", before.threads, threads, 0);
        compare(leaks, "bytes of heap", before.heapBytes, heapBytes, HEAP_BOUND_BYTES);
        compare(leaks, "direct buffers", before.directBuffers, directBuffers, 0);
        compare(leaks, "bytes in direct buffers", before.directBytes, directBytes, 0);
        compare(leaks, "resident bytes", before.residentBytes, residentBytes, RESIDENT_BOUND_BYTES);
        compare(leaks, "files", 0, files, 0);
        compare(leaks, "children", 0, children, 0);
        return leaks;
    }

    private static void compare(List<String> leaks, String what, long before, long now, long bound) {
        if (now - before > bound) {
            leaks.add(now + " " + what + ", " + before + " before" + (bound == 0 ? "" : "; at most " + bound + " more allowed"));
        }
    }

    /** The JVM opens the class path's jars when it looks for something in them, and files of its cgroup for a moment. */
    private static long countDescriptors() throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            return all.map(Figures::target).filter(target -> !target.endsWith(".jar") && !target.startsWith("/sys/")).count();
        }
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            return "/sys/"; // It is closed by now.
        }
    }

    private static long countThreads() throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/task"))) {
            return all.filter(task -> !name(task).equals(REAPER)).count();
        }
    }

    private static String name(Path task) {
        try {
            return Files.readString(task.resolve("comm")).trim();
        } catch (IOException e) {
            return REAPER; // It has ended meanwhile.
        }
    }

    private static long resident() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                .sum();
    }

    private static long countFiles(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).count();
        }
    }

    private static long countChildren() {
        return ProcessHandle.current().children().count();
    }

    @Override
    public String toString() {
        return descriptors + " descriptors, " + threads + " threads, heap " + heapBytes / 1024 + " KiB, " + directBuffers
                + " direct buffers of " + directBytes / 1024 + " KiB, resident " + residentBytes / 1024 + " KiB, " + files
                + " files, " + children + " children";
    }
}
