// SPDX-License-Identifier: Apache-2.0
package io.standpipe.benchmarks;

import io.standpipe.Checkpoint;
import io.standpipe.Freeze;
import io.standpipe.Snapshot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How long another process, which holds both ends of pipes and sleeps, is frozen for a snapshot of its pipes. */
public final class FrozenWindow {

    static final String WINDOW = "window";
    static final String BY_THREADS = "window by threads";
    static final String FIRST_WINDOW = "first window";

    static final List<String> SETS = List.of("1x64KiB", "100x64KiB", "1000x64KiB", "4000x64KiB", "1000x4KiB");

    private static final List<Integer> THREADS = List.of(1, 10, 100);

    private FrozenWindow() {}

    /** Arguments: quick or full, the file of the results, the directory for images, and other sets than the usual ones. */
    public static void main(String[] arguments) throws IOException {
        Comparisons comparisons = new Comparisons(Path.of(arguments[1]), arguments[0]);
        try (Scratch scratch = new Scratch(Path.of(arguments[2]))) {
            for (String set : arguments.length > 3 ? List.of(arguments).subList(3, arguments.length) : SETS) {
                compare(set, scratch, comparisons);
            }
        }
        for (int threads : THREADS) {
            compare(threads, comparisons);
        }
        comparisons.write();
    }

    /** A process with one pipe and threads that sleep, each of which has to stop. */
    private static void compare(int threads, Comparisons comparisons) {
        String set = "1x64KiB";
        try (PipeHolder holder = PipeHolder.withThreads(set, threads); Floor floor = Floor.ofWindow(set, holder.pid())) {
            Checkpoint checkpoint = Checkpoint.ofProcess(holder.pid());
            comparisons.compare(BY_THREADS, Integer.toString(threads), "a snapshot", List.of(
                    Contender.of(Comparisons.STANDPIPE, () -> snapshotNanos(checkpoint)),
                    floor,
                    Contender.of("Standpipe, every byte copied", () -> snapshotNanos(checkpoint.copying())),
                    Contender.of("Standpipe, by SIGSTOP", () -> snapshotNanos(checkpoint.freezing(Freeze.STOP)))));
        } catch (IOException e) {
            comparisons.skip(BY_THREADS + ", " + threads, e);
        }
    }

    private static void compare(String set, Scratch scratch, Comparisons comparisons) {
        try (PipeHolder holder = new PipeHolder("hold-on", set); Floor floor = Floor.ofWindow(set, holder.pid())) {
            Checkpoint checkpoint = Checkpoint.ofProcess(holder.pid());
            Checkpoint whileFrozen = checkpoint.writingWhileFrozen();
            Path image = scratch.file("window.ckpt");
            List<Contender> contenders = new ArrayList<>(List.of(
                    Contender.of(Comparisons.STANDPIPE, () -> snapshotNanos(checkpoint)),
                    floor,
                    Contender.of("Standpipe, every byte copied", () -> snapshotNanos(checkpoint.copying())),
                    Contender.of("Standpipe, written while frozen", () -> whileFrozen.writeTo(image).frozen().toNanos())));
            addCriu(contenders, set, holder.pid(), scratch, comparisons);
            comparisons.compare(WINDOW, set, scratch.fileSystem(), contenders);
            comparisons.compare(FIRST_WINDOW, set, scratch.fileSystem(), List.of(
                    Contender.of("Standpipe in a new JVM", () -> inNewJvm(holder.pid())), floor));
        } catch (IOException e) {
            comparisons.skip(WINDOW + ", " + set, e);
        }
    }

    /** CRIU cannot dump a process with many pipes. */
    private static void addCriu(List<Contender> contenders, String set, long pid, Scratch scratch, Comparisons comparisons) throws IOException {
        try {
            Criu criu = Criu.find();
            scratch.clear();
            criu.dumpNow(pid, scratch.directory());
            contenders.add(Contender.of(criu.name(), () -> criu.dumpNow(pid, scratch.directory())).after(scratch::clear));
        } catch (IOException e) {
            comparisons.skip("CRIU, " + set, e);
            scratch.clear();
        }
    }

    private static long snapshotNanos(Checkpoint checkpoint) throws IOException {
        try (Snapshot snapshot = checkpoint.snapshot()) {
            return snapshot.frozen().toNanos();
        }
    }

    private static long inNewJvm(long pid) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                        System.getProperty("java.class.path"), First.class.getName(), Long.toString(pid))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String nanos = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
        if (Floor.await(process) != 0) {
            throw new IOException("no snapshot in a new JVM");
        }
        return Long.parseLong(nanos);
    }

    /** Prints for how many nanoseconds a process was frozen for the first snapshot of this JVM, which is a command's only one. */
    public static final class First {

        private First() {}

        /** Argument: a pid. */
        public static void main(String[] arguments) throws IOException {
            System.out.println(snapshotNanos(Checkpoint.ofProcess(Long.parseLong(arguments[0]))));
        }
    }
}
