// SPDX-License-Identifier: Apache-2.0
package io.standpipe.benchmarks;

import io.standpipe.Checkpoint;
import io.standpipe.Restore;
import io.standpipe.RestoredPipes;
import java.io.IOException;
import java.nio.channels.Pipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Saving and restoring one set of this process's own pipes, in the ways that are compared. */
final class ImageWork implements AutoCloseable {

    private static final String STANDPIPE = "standpipe";
    /** Standpipe where it may not take surveys, and asks for each descriptor: as the floor of the same calls does. */
    static final String ASKING = "asking";

    private static final String SURVEYS = "standpipe.survey";
    private static final String JAVA_COPY = "javaCopy";
    private static final String NETTY = "netty";

    private final String set;
    private final Path folder;
    private final Path image;
    private final Path copy;
    private final PipeSetSize size;
    private final PipeSet pipes;
    private final Checkpoint checkpoint;
    private final JavaCopy javaCopy = new JavaCopy();

    ImageWork(String set, Path folder) throws IOException {
        this.set = set;
        this.folder = folder;
        image = folder.resolve("compared.ckpt");
        copy = folder.resolve("compared.copy");
        size = PipeSetSize.parse(set);
        pipes = PipeSet.filled(size);
        checkpoint = Checkpoint.ofDescriptors(pipes.descriptors());
    }

    /** Everything that runs in this JVM, each alone for some time. */
    void warmUp(long nanosEach) throws IOException {
        try (Drain drain = new Drain()) {
            repeat(nanosEach, () -> checkpoint.writeTo(image));
            repeat(nanosEach, () -> checkpoint.streamTo(drain.descriptor()));
            repeat(nanosEach, () -> asking(() -> checkpoint.writeTo(image)));
            repeat(nanosEach, () -> asking(() -> checkpoint.streamTo(drain.descriptor())));
            repeat(nanosEach, () -> nanosOfRestore(Restore.from(image), true));
            repeat(nanosEach, () -> javaCopy.save(pipes, copy));
            repeat(nanosEach, () -> nanosOfLoading(true));
        } finally {
            Files.deleteIfExists(image);
            Files.deleteIfExists(copy);
        }
    }

    private static void asking(Contender.Work work) throws IOException {
        System.setProperty(SURVEYS, "off");
        try {
            work.run();
        } finally {
            System.clearProperty(SURVEYS);
        }
    }

    private static void repeat(long nanos, Contender.Work work) throws IOException {
        long start = System.nanoTime();
        while (System.nanoTime() - start < nanos) {
            work.run();
        }
    }

    /** To a file that did not exist. */
    List<Samples> checkpoint(Rounds rounds) throws IOException {
        List<Contender> contenders = new ArrayList<>(List.of(
                Floor.of("checkpoint", set, folder),
                Floor.syncingFolder("checkpoint", set, folder),
                Floor.staged(set, folder),
                Floor.sameCalls("checkpoint", set, folder),
                Floor.sameCallsThreads("checkpoint", set, folder),
                toNewFile(STANDPIPE, image, () -> Contender.nanosOf(() -> checkpoint.writeTo(image))),
                toNewFile(ASKING, image, () -> Contender.nanosOf(() -> asking(() -> checkpoint.writeTo(image)))),
                toNewFile(JAVA_COPY, copy, () -> Contender.nanosOf(() -> javaCopy.save(pipes, copy)))));
        if (size.bytesEach() > 0) {
            NettyMove netty = new NettyMove(pipes, size);
            contenders.add(toNewFile(NETTY, copy, () -> netty.move(copy)));
        }
        return compare(rounds, contenders);
    }

    private static Contender toNewFile(String name, Path file, Contender.Sample sample) {
        return Contender.of(name, () -> {
            Files.deleteIfExists(file);
            return sample.nanos();
        });
    }

    /** In place of the image of the time before. */
    List<Samples> checkpointAgain(Rounds rounds) throws IOException {
        return compare(rounds, List.of(
                Floor.of("checkpoint-again", set, folder),
                Floor.syncingFolder("checkpoint-again", set, folder),
                Floor.sameCalls("checkpoint-again", set, folder),
                Floor.sameCallsThreads("checkpoint-again", set, folder),
                Contender.timed(STANDPIPE, () -> checkpoint.writeTo(image)),
                Contender.timed(ASKING, () -> asking(() -> checkpoint.writeTo(image))),
                Contender.timed(JAVA_COPY, () -> javaCopy.save(pipes, copy))));
    }

    /** To a pipe that is being read. */
    List<Samples> stream(Rounds rounds) throws IOException {
        try (Drain drain = new Drain()) {
            return compare(rounds, List.of(
                    Floor.of("stream", set, folder),
                    Floor.sameCalls("stream", set, folder),
                    Floor.sameCallsThreads("stream", set, folder),
                    Contender.timed(STANDPIPE, () -> checkpoint.streamTo(drain.descriptor())),
                    Contender.timed(ASKING, () -> asking(() -> checkpoint.streamTo(drain.descriptor())))));
        }
    }

    /** From a file in the page cache, until all pipes are there. */
    List<Samples> restore(Rounds rounds) throws IOException {
        return restore(rounds, "restore", false);
    }

    /** From a file in the page cache, until all pipes are there and closed again. */
    List<Samples> restoreAndClose(Rounds rounds) throws IOException {
        return restore(rounds, "restore-close", true);
    }

    private List<Samples> restore(Rounds rounds, String workload, boolean closing) throws IOException {
        checkpoint.writeTo(image);
        javaCopy.save(pipes, copy);
        Restore restore = Restore.from(image);
        List<Contender> contenders = new ArrayList<>(List.of(
                Floor.of(workload, set, folder),
                Floor.sameCalls(workload, set, folder),
                Floor.sameCallsThreads(workload, set, folder),
                Contender.of(STANDPIPE, () -> nanosOfRestore(restore, closing))));
        if (size.bytesEach() <= PipeSetSize.DEFAULT_CAPACITY_BYTES) {
            contenders.add(Contender.of(JAVA_COPY, () -> nanosOfLoading(closing)));
        }
        return compare(rounds, contenders);
    }

    /** One method for all of its uses, warming up too, so that they are of one compilation. */
    private static long nanosOfRestore(Restore restore, boolean closing) throws IOException {
        long start = System.nanoTime();
        RestoredPipes restored = restore.open();
        long opened = System.nanoTime();
        restored.close();
        return (closing ? System.nanoTime() : opened) - start;
    }

    private long nanosOfLoading(boolean closing) throws IOException {
        long start = System.nanoTime();
        List<Pipe> loaded = javaCopy.load(copy);
        long opened = System.nanoTime();
        JavaCopy.close(loaded);
        return (closing ? System.nanoTime() : opened) - start;
    }

    private List<Samples> compare(Rounds rounds, List<Contender> contenders) throws IOException {
        try {
            return rounds.run(contenders);
        } finally {
            for (Contender contender : contenders) {
                contender.close();
            }
            Files.deleteIfExists(image);
            Files.deleteIfExists(copy);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            pipes.checkUntouched();
        } finally {
            pipes.close();
        }
    }
}
