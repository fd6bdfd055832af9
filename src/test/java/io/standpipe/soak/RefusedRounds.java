// SPDX-License-Identifier: Apache-2.0
package io.standpipe.soak;

import io.standpipe.Checkpoint;
import io.standpipe.ImageRefusedException;
import io.standpipe.Restore;
import io.standpipe.StandpipeException;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.pipe.Fd;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** What is refused: images that were cut or changed, streams that end too early, targets that cannot be, and no pipes. */
final class RefusedRounds {

    private static final int DIGEST_AND_TAIL_BYTES = 40;

    private RefusedRounds() {}

    private interface Attempt {
        void run() throws Exception;
    }

    static void run(Kind.Bench bench) throws Exception {
        try (SoakPipes pipes = bench.pipes()) {
            Checkpoint.ofDescriptors(pipes.numbers()).writeTo(bench.image());
            damage(bench);
            for (Restore restore : new Restore[] {Restore.from(bench.image()), Restore.from(bench.image()).copying(),
                    Restore.fromBytes(Files.readAllBytes(bench.image()))}) {
                refused(ImageRefusedException.class, () -> restore.open().close());
            }
            refusedStream(bench.image());
            refusedCheckpoint(bench, pipes);
            pipes.checkOriginals();
        }
        Files.delete(bench.image());
    }

    /** Cuts it, or changes a bit of what vouches for it. */
    private static void damage(Kind.Bench bench) throws Exception {
        byte[] image = Files.readAllBytes(bench.image());
        if (bench.random().nextBoolean()) {
            Files.write(bench.image(), Arrays.copyOf(image, bench.random().nextInt(image.length)));
        } else {
            image[image.length - 1 - bench.random().nextInt(DIGEST_AND_TAIL_BYTES)] ^= (byte) (1 << bench.random().nextInt(8));
            Files.write(bench.image(), image);
        }
    }

    private static void refusedStream(Path image) throws Exception {
        try (Fd file = FileCalls.open(FileCalls.CURRENT_DIRECTORY, image.toString(), Flags.O_RDONLY, 0)) {
            refused(ImageRefusedException.class, () -> Restore.fromStream(file.number()).open().close());
        }
    }

    private static void refusedCheckpoint(Kind.Bench bench, SoakPipes pipes) throws Exception {
        Checkpoint checkpoint = Checkpoint.ofDescriptors(pipes.numbers());
        refused(StandpipeException.class, () -> checkpoint.writeTo(bench.folder().resolve("none/image.ckpt")));
        refused(StandpipeException.class, () -> checkpoint.writeTo(bench.folder()));
        try (Fd file = FileCalls.open(FileCalls.CURRENT_DIRECTORY, bench.image().toString(), Flags.O_RDONLY, 0)) {
            refused(StandpipeException.class, () -> checkpoint.streamTo(file.number()));
            int[] numbers = Arrays.copyOf(pipes.numbers(), pipes.numbers().length + 1);
            numbers[numbers.length - 1] = file.number();
            refused(StandpipeException.class,
                    () -> Checkpoint.ofDescriptors(numbers).writeTo(bench.folder().resolve("none.ckpt")));
        }
    }

    private static void refused(Class<? extends Exception> expected, Attempt attempt) throws Exception {
        try {
            attempt.run();
        } catch (StandpipeException e) {
            SoakPipe.require(expected.isInstance(e), "refused by " + e + ", expected " + expected);
            return;
        }
        throw new AssertionError("what should be refused was not");
    }
}
