// SPDX-License-Identifier: Apache-2.0
package io.standpipe.benchmarks;

import io.standpipe.Checkpoint;
import io.standpipe.Durability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What each pipe, and each process, costs a checkpoint of few and of many: the time in all, divided by their number. */
public final class Growth {

    static final String PIPES = "growth by pipes";
    static final String PROCESSES = "growth by processes";

    private static final List<Integer> PIPE_COUNTS = List.of(100, 1000, 9000);
    private static final List<Integer> PROCESS_COUNTS = List.of(1, 10, 100, 1000);
    private static final String ONE = "1x4KiB";

    private final Scratch scratch;
    private final Comparisons comparisons;
    private final List<PipeHolder> holders = new ArrayList<>();

    private Growth(Scratch scratch, Comparisons comparisons) {
        this.scratch = scratch;
        this.comparisons = comparisons;
    }

    /** Arguments: quick or full, the file of the results, and a directory in memory. */
    public static void main(String[] arguments) throws IOException {
        Comparisons comparisons = new Comparisons(Path.of(arguments[1]), arguments[0]);
        try (Scratch scratch = new Scratch(Path.of(arguments[2]))) {
            new Growth(scratch, comparisons).byPipes();
            new Growth(scratch, comparisons).byProcesses();
        }
        comparisons.write();
    }

    /** The image is written while the process is frozen: clones for all would take more fds than many users may have. */
    private void byPipes() throws IOException {
        List<Contender> contenders = new ArrayList<>();
        try {
            for (int count : PIPE_COUNTS) {
                String set = count + "xempty";
                try {
                    PipeHolder holder = hold(new PipeHolder("hold", set));
                    Checkpoint checkpoint = Checkpoint.ofProcess(holder.pid()).durability(Durability.NONE).writingWhileFrozen();
                    save(checkpoint);
                    contenders.add(each(String.format(Locale.ROOT, "%,d pipes", count), checkpoint, count));
                } catch (IOException e) {
                    comparisons.skip(set, e);
                }
            }
            comparisons.compare(PIPES, "empty", scratch.fileSystem(), contenders);
        } finally {
            close();
        }
    }

    /** The processes are named: to find those of a tree takes a look at every process of the machine, which all contenders' are on. */
    private void byProcesses() throws IOException {
        List<Contender> contenders = new ArrayList<>();
        try {
            for (int count : PROCESS_COUNTS) {
                PipeHolder holder = hold(PipeHolder.ofTree(ONE, count));
                Checkpoint checkpoint = Checkpoint.ofProcesses(holder.children()).durability(Durability.NONE);
                save(checkpoint);
                contenders.add(each(String.format(Locale.ROOT, "%,d %s", count, count == 1 ? "process" : "processes"), checkpoint, count));
            }
            comparisons.compare(PROCESSES, ONE, scratch.fileSystem(), contenders);
        } finally {
            close();
        }
    }

    private PipeHolder hold(PipeHolder holder) {
        holders.add(holder);
        return holder;
    }

    private void save(Checkpoint checkpoint) throws IOException {
        checkpoint.writeTo(scratch.file("growth.ckpt"));
    }

    private Contender each(String name, Checkpoint checkpoint, int count) {
        return Contender.of(name, () -> Contender.nanosOf(() -> save(checkpoint)) / count)
                .after(() -> Files.deleteIfExists(scratch.file("growth.ckpt")));
    }

    private void close() throws IOException {
        for (PipeHolder holder : holders) {
            holder.close();
        }
    }
}
