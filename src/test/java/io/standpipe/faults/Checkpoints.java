// SPDX-License-Identifier: Apache-2.0
package io.standpipe.faults;

import io.standpipe.Checkpoint;
import io.standpipe.CheckpointReport;
import io.standpipe.Freeze;
import io.standpipe.Restore;
import io.standpipe.Snapshot;
import io.standpipe.internal.sys.FdCalls;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.pipe.Fd;
import io.standpipe.testkit.PipeIo;
import io.standpipe.testkit.RandomBytes;
import io.standpipe.testkit.TestPipe;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Ways to save pipes. An image is in order if it tells what one tells that was written without a fault. */
final class Checkpoints {

    /** More than any image here, so that no stream has to wait for its reader. */
    private static final int STREAM_CAPACITY = 1 << 20;

    private interface Writing {
        CheckpointReport to(Path image) throws Exception;
    }

    private final Cast cast;
    private final Path image;

    Checkpoints(Cast cast, Path image) {
        this.cast = cast;
        this.image = image;
    }

    List<Operation> all() throws Exception {
        Checkpoint process = Checkpoint.ofProcess(cast.alone.pid());
        Checkpoint tree = Checkpoint.ofTree(cast.parent.pid());
        Checkpoint own = Checkpoint.ofDescriptors(cast.own());
        return List.of(
                toFile("checkpoint of a process", process::writeTo),
                toFile("checkpoint of a tree", tree::writeTo),
                toFile("checkpoint of a process with threads", Checkpoint.ofProcess(cast.threaded.pid())::writeTo),
                toFile("checkpoint of a stopped process", process.freezing(Freeze.STOP)::writeTo),
                toFile("checkpoint of copied bytes", process.copying()::writeTo),
                toFile("checkpoint written while frozen", tree.writingWhileFrozen()::writeTo),
                toFile("checkpoint of own descriptors", own::writeTo),
                toFile("checkpoint of a large pipe", Checkpoint.ofDescriptors(large().writeFd())::writeTo),
                toFile("checkpoint of own descriptors", Checkpoint.ofDescriptors(twice())::writeTo)
                        .without("kcmp", false),
                toFile("checkpoint of a process", process::writeTo).without("kcmp", false),
                toFile("checkpoint of one end", Checkpoint.ofDescriptors(cast.plain.writeFd())::writeTo),
                toFile("checkpoint whose last step fails", process::writeTo).failing("renameat", "EIO"),
                toPipe("stream to a pipe", own::writeTo, own::streamTo),
                toAppendedFile("stream to a file that is appended to", own),
                snapshot(tree));
    }

    /** With so much in it that room is reserved, and the medium begins to write before all is there. */
    private static TestPipe large() throws IOException {
        TestPipe pipe = TestPipe.ofCapacity(1 << 20);
        pipe.write(RandomBytes.of(1 << 20));
        return pipe;
    }

    /** Two descriptors of one description: whether they are one has to be asked. */
    private int[] twice() throws IOException {
        return new int[] {cast.plain.readFd(), FdCalls.duplicate(cast.plain.readFd()).release()};
    }

    private Operation toFile(String name, Writing writing) throws Exception {
        writing.to(image);
        String expected = SavedText.ofImage(Restore.from(image));
        return Operation.of(name, () -> {
            writing.to(image);
            return () -> SavedText.assertSame(expected, SavedText.ofImage(Restore.from(image)));
        });
    }

    private interface Streaming {
        CheckpointReport to(int descriptor) throws Exception;
    }

    private Operation toPipe(String name, Writing writing, Streaming streaming) throws Exception {
        writing.to(image);
        String expected = SavedText.ofImage(Restore.from(image));
        TestPipe pipe = TestPipe.ofCapacity(STREAM_CAPACITY);
        return Operation.of(name, () -> {
            streaming.to(pipe.writeFd());
            return () -> SavedText.assertSame(
                    expected, SavedText.ofImage(Restore.fromBytes(PipeIo.readAll(pipe.readFd()))));
        }).after(() -> PipeIo.readAll(pipe.readFd()));
    }

    private Operation toAppendedFile(String name, Checkpoint checkpoint) throws Exception {
        checkpoint.writeTo(image);
        String expected = SavedText.ofImage(Restore.from(image));
        Path path = Files.createFile(image.resolveSibling("stream"));
        Fd file = FileCalls.open(FileCalls.CURRENT_DIRECTORY, path.toString(), Flags.O_WRONLY | Flags.O_APPEND, 0);
        return Operation.of(name, () -> {
            checkpoint.streamTo(file.number());
            return () -> SavedText.assertSame(expected, SavedText.ofImage(Restore.from(path)));
        }).after(() -> Files.write(path, new byte[0]));
    }

    private Operation snapshot(Checkpoint checkpoint) throws IOException {
        String expected;
        try (Snapshot snapshot = checkpoint.snapshot()) {
            snapshot.writeTo(image);
            expected = SavedText.ofImage(Restore.from(image)) + SavedText.of(Restore.from(snapshot));
        }
        return Operation.of("snapshot, written", () -> {
            Snapshot snapshot = checkpoint.snapshot();
            boolean written = false;
            try {
                snapshot.writeTo(image);
                written = true;
            } finally {
                if (!written) {
                    snapshot.close();
                }
            }
            return () -> {
                try (snapshot) {
                    SavedText.assertSame(
                            expected, SavedText.ofImage(Restore.from(image)) + SavedText.of(Restore.from(snapshot)));
                }
            };
        });
    }
}
