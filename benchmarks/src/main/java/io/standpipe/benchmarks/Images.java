// SPDX-License-Identifier: Apache-2.0
package io.standpipe.benchmarks;

import io.standpipe.Checkpoint;
import io.standpipe.PipesInPlace;
import io.standpipe.Restore;
import io.standpipe.RestoredPipes;
import java.io.IOException;
import java.nio.channels.Pipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** How long a checkpoint of this process's own pipes to a file takes, and the restore of the file. */
public final class Images {

    static final String CHECKPOINT = "checkpoint";
    static final String RESTORE = "restore";

    private static final String JAVA_COPY = "plain Java";
    private static final List<String> SETS = List.of("1x64KiB", "100x64KiB", "1000x4KiB", "1000xempty", "64x1MiB");

    private final String set;
    private final Scratch scratch;
    private final PipeSet pipes;
    private final Path image;
    private final Path copy;
    private final JavaCopy javaCopy = new JavaCopy();

    private Images(String set, Scratch scratch, PipeSet pipes) {
        this.set = set;
        this.scratch = scratch;
        this.pipes = pipes;
        image = scratch.file("image.ckpt");
        copy = scratch.file("java.copy");
    }

    /** Arguments: quick or full, the file of the results, directories for images, and other sets than the usual ones. */
    public static void main(String[] arguments) throws IOException {
        Comparisons comparisons = new Comparisons(Path.of(arguments[1]), arguments[0]);
        for (String set : arguments.length > 3 ? List.of(arguments).subList(3, arguments.length) : SETS) {
            for (String directory : arguments[2].split(",")) {
                try (Scratch scratch = new Scratch(Path.of(directory)); PipeSet pipes = PipeSet.filled(set)) {
                    Images images = new Images(set, scratch, pipes);
                    images.checkpoint(comparisons);
                    images.restore(comparisons);
                    pipes.checkAndDrain();
                } catch (IOException e) {
                    comparisons.skip(set + " in " + directory, e);
                }
            }
        }
        comparisons.write();
    }

    private void checkpoint(Comparisons comparisons) throws IOException {
        Checkpoint checkpoint = Checkpoint.ofDescriptors(pipes.fds());
        try (Floor floor = Floor.ofCheckpoint(set, scratch.directory())) {
            comparisons.compare(CHECKPOINT, set, scratch.fileSystem(), List.of(
                    Contender.timed(Comparisons.STANDPIPE, () -> checkpoint.writeTo(image)).after(() -> Files.deleteIfExists(image)),
                    floor,
                    Contender.timed(JAVA_COPY, () -> javaCopy.save(pipes.pipes(), copy)).after(() -> Files.deleteIfExists(copy))));
        }
    }

    private void restore(Comparisons comparisons) throws IOException {
        PipesInPlace inPlace = PipesInPlace.of(Arrays.stream(pipes.fds()).boxed().toArray());
        inPlace.writeTo(image);
        javaCopy.save(pipes.pipes(), copy);
        Restore restore = Restore.from(image);
        try (Floor floor = Floor.ofRestore(set, scratch.directory())) {
            List<Contender> contenders = new ArrayList<>(List.of(
                    Contender.of(Comparisons.STANDPIPE, () -> restoreNanos(restore)),
                    floor,
                    Contender.timed("Standpipe, in place", () -> inPlace.restore(restore))));
            if (pipes.size().bytesEach() <= SetSize.DEFAULT_CAPACITY_BYTES) {
                contenders.add(Contender.of(JAVA_COPY, this::loadNanos));
            }
            comparisons.compare(RESTORE, set, scratch.fileSystem(), contenders);
        }
    }

    /** Closing what was restored does not count. */
    private static long restoreNanos(Restore restore) throws IOException {
        long start = System.nanoTime();
        RestoredPipes restored = restore.open();
        long nanos = System.nanoTime() - start;
        restored.close();
        return nanos;
    }

    private long loadNanos() throws IOException {
        long start = System.nanoTime();
        List<Pipe> loaded = javaCopy.load(copy);
        long nanos = System.nanoTime() - start;
        PipeSet.close(loaded);
        return nanos;
    }
}
