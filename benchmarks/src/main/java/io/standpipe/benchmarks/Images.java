// SPDX-License-Identifier: Apache-2.0
package io.standpipe.benchmarks;

import io.standpipe.internal.sys.ProcessCalls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Checkpoint and restore of this process's own pipes, turn by turn with the C program and with plain Java. */
public final class Images {

    private static final int SPARE_DESCRIPTORS = 400;
    private static final int LARGE_BYTES = 16_777_216;
    private static final List<String> SETS =
            List.of("1x64KiB", "100x64KiB", "1000x4KiB", "64x1MiB", "1000xempty", "100x4KiB", "4900x4KiB");

    /** One for what a whole image takes, one for what a pipe takes. */
    private static final List<String> WARM_UP_SETS = List.of("1x64KiB", "100x4KiB");

    private final boolean full;
    private final ResultFile results;

    private Images(boolean full, ResultFile results) {
        this.full = full;
        this.results = results;
    }

    /** Arguments: quick or full, the result's file, folders for images separated by commas, and the sets if not the usual. */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length < 3) {
            System.err.println("usage: Images quick|full RESULT.json FOLDER[,FOLDER]... [SET]...");
            System.exit(2);
        }
        ResultFile results = new ResultFile(Path.of(arguments[1]), arguments[0]);
        Images images = new Images(arguments[0].equals("full"), results);
        List<String> sets = arguments.length > 3 ? List.of(arguments).subList(3, arguments.length) : SETS;
        String[] folders = arguments[2].split(",");
        for (String set : WARM_UP_SETS) {
            images.warmUp(set, Files.createDirectories(Path.of(folders[folders.length - 1])));
        }
        for (String set : sets) {
            for (String folder : folders) {
                images.compareFiles(set, Files.createDirectories(Path.of(folder)));
            }
            images.compareStreams(set, Path.of(folders[0]));
        }
        results.write();
    }

    /** What a JVM compiles in the course of time is there from the first sample on: first calls are measured elsewhere. */
    private void warmUp(String set, Path folder) throws IOException {
        try (ImageWork work = new ImageWork(set, folder)) {
            work.warmUp(TimeUnit.SECONDS.toNanos(full ? 10 : 4));
        }
    }

    private void compareFiles(String set, Path folder) throws IOException {
        String where = Machine.fileSystem(folder);
        if (!isWithinLimit(set)) {
            results.skip("checkpoint", set, where, "ulimit -n is " + ProcessCalls.descriptorLimit());
            return;
        }
        Processors.one();
        try (ImageWork work = new ImageWork(set, folder)) {
            results.add("checkpoint", set, where, work.checkpoint(rounds(set)));
            results.add("overwrite", set, where, work.checkpointAgain(rounds(set)));
            results.add("restore", set, where, work.restore(rounds(set)));
            results.add("restore, close", set, where, work.restoreAndClose(rounds(set)));
        } finally {
            Processors.all(); // Somebody else reads what is streamed.
        }
    }

    private void compareStreams(String set, Path folder) throws IOException {
        if (isWithinLimit(set)) {
            try (ImageWork work = new ImageWork(set, folder)) {
                results.add("stream", set, "pipe", work.stream(rounds(set)));
            }
        }
    }

    /** Fewer where one takes long, and is the steadier for it. */
    private Rounds rounds(String set) {
        PipeSetSize size = PipeSetSize.parse(set);
        boolean large = (long) size.pipes() * size.bytesEach() >= LARGE_BYTES;
        int most = size.pipes() == 1 ? 201 : size.pipes() == 100 ? 51 : large ? 11 : 21;
        return new Rounds(full ? 5 * most : most, TimeUnit.MILLISECONDS.toNanos(full ? 5000 : 1000));
    }

    /** Each pipe needs its two ends and two copies of them. */
    private static boolean isWithinLimit(String set) throws IOException {
        return 4L * PipeSetSize.parse(set).pipes() + SPARE_DESCRIPTORS <= ProcessCalls.descriptorLimit();
    }
}
