// SPDX-License-Identifier: Apache-2.0
package io.standpipe.faults;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.standpipe.Checkpoint;
import io.standpipe.Restore;
import io.standpipe.RestoredPipes;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.PathCalls;
import io.standpipe.pipe.Fd;
import io.standpipe.testkit.PipeIo;
import io.standpipe.testkit.RandomBytes;
import io.standpipe.testkit.SeedImage;
import io.standpipe.testkit.TestPipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Ways to restore into this process. */
final class Restores {

    private static final int STREAM_CAPACITY = 1 << 20;
    private static final byte[] CONTENT = RandomBytes.of(5_000);

    private final Path folder;
    private final Path own;
    private final String expected;

    /** @param folder for images, and for FIFOs that are made anew */
    Restores(Cast cast, Path folder) throws IOException {
        this.folder = folder;
        own = folder.resolve("own");
        int[] anonymous = Arrays.stream(cast.own()).filter(fd -> fd != cast.fifo.number()).toArray();
        Checkpoint.ofDescriptors(anonymous).writeTo(own);
        expected = DescriptorText.of(anonymous);
    }

    List<Operation> all() throws IOException {
        return List.of(
                open("restore", Restore.from(own)),
                open("restore that copies", Restore.from(own).copying()),
                stream(),
                fifoMadeAnew(),
                unlinkedFifo(),
                ofAnotherUser());
    }

    private Operation open(String name, Restore restore) {
        return Operation.of(name, () -> compared(restore.open(), expected));
    }

    private static Operation.Outcome compared(RestoredPipes pipes, String expected) {
        return () -> {
            try (pipes) {
                List<Integer> numbers = pipes.numbers().stream().map(n -> pipes.descriptor(n).number()).toList();
                SavedText.assertSame(expected, DescriptorText.of(numbers));
                assertEquals(List.of(), pipes.deviations());
            }
        };
    }

    private Operation stream() throws IOException {
        byte[] image = Files.readAllBytes(own);
        TestPipe pipe = TestPipe.ofCapacity(STREAM_CAPACITY);
        pipe.write(image);
        Fd[] writeEnd = {FileCalls.reopen(pipe.writeFd(), Flags.O_WRONLY)};
        pipe.closeWriteEnd();
        writeEnd[0].close();
        return Operation.of("restore of a stream",
                () -> compared(Restore.fromStream(pipe.readFd()).open(), expected)).after(() -> {
                    PipeIo.readAll(pipe.readFd());
                    try (Fd again = FileCalls.reopen(pipe.readFd(), Flags.O_WRONLY)) {
                        PipeIo.write(again.number(), image);
                    }
                });
    }

    private Operation fifoMadeAnew() throws IOException {
        Path path = folder.resolve("fifo");
        Path image = folder.resolve("fifo-image");
        saveFifo(path, image, false);
        Restore restore = Restore.from(image).fifosBelow(folder).creatingFifos();
        return fifo("restore of a FIFO that is made anew", restore).after(() -> Files.deleteIfExists(path));
    }

    private Operation unlinkedFifo() throws IOException {
        Path image = folder.resolve("unlinked-image");
        saveFifo(folder.resolve("unlinked"), image, true);
        return fifo(
                "restore of an unlinked FIFO", Restore.from(image).fifosBelow(folder).recreatingUnlinkedFifos());
    }

    private static Operation fifo(String name, Restore restore) {
        return Operation.of(name, () -> {
            RestoredPipes pipes = restore.open();
            return () -> {
                try (pipes) {
                    assertArrayEquals(
                            CONTENT, Cast.taken(pipes.descriptor(pipes.numbers().first()).number()));
                    assertEquals(List.of(), pipes.deviations());
                }
            };
        });
    }

    private static void saveFifo(Path path, Path image, boolean unlinked) throws IOException {
        PathCalls.makeFifo(FileCalls.CURRENT_DIRECTORY, PathCalls.bytes(path.toString()), 0640);
        try (Fd fifo = FileCalls.open(FileCalls.CURRENT_DIRECTORY, path.toString(), Flags.O_RDWR, 0)) {
            PipeIo.write(fifo.number(), CONTENT);
            if (unlinked) {
                Files.delete(path);
            }
            Checkpoint.ofDescriptors(fifo.number()).writeTo(image);
        }
        Files.deleteIfExists(path);
    }

    /** Of one that this process is not allowed to give it to, or is: it is told, or done. */
    private static Operation ofAnotherUser() {
        Restore restore =
                Restore.fromBytes(SeedImage.onePipe(0, 1, CONTENT, 8_192, 4_711)).bestEffort();
        return Operation.of("restore of another user's pipe, as good as it can be", () -> {
            RestoredPipes pipes = restore.open();
            return () -> {
                try (pipes) {
                    assertArrayEquals(CONTENT, Cast.taken(pipes.descriptor(0).number()));
                }
            };
        });
    }
}
