// SPDX-License-Identifier: Apache-2.0
package io.standpipe.soak;

import io.standpipe.Checkpoint;
import io.standpipe.CheckpointReport;
import io.standpipe.Image;
import io.standpipe.Payload;
import io.standpipe.Restore;
import io.standpipe.RestoredPipes;
import io.standpipe.Snapshot;
import io.standpipe.testkit.TestPipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Future;

/** Pipes of this process, saved in several ways and restored into it. */
final class OwnRounds {

    private OwnRounds() {}

    static void file(Kind.Bench bench) throws Exception {
        try (SoakPipes pipes = bench.pipes()) {
            Checkpoint.ofDescriptors(pipes.numbers()).writeTo(bench.image());
            try (RestoredPipes restored = Restore.from(bench.image()).open()) {
                pipes.check(restored);
            }
            pipes.checkOriginals();
        }
        Files.delete(bench.image());
    }

    /** The image is overwritten before anything is read. */
    static void copying(Kind.Bench bench) throws Exception {
        try (SoakPipes pipes = bench.pipes()) {
            Checkpoint.ofDescriptors(pipes.numbers()).writeTo(bench.image());
            try (RestoredPipes restored = Restore.from(bench.image()).copying().open()) {
                Files.write(bench.image(), new byte[(int) Files.size(bench.image())]);
                pipes.check(restored);
            }
            pipes.checkOriginals();
        }
        Files.delete(bench.image());
    }

    static void stream(Kind.Bench bench) throws Exception {
        try (SoakPipes pipes = bench.pipes(); TestPipe way = TestPipe.open()) {
            Future<CheckpointReport> sent = bench.helper().submit(
                    () -> Checkpoint.ofDescriptors(pipes.numbers()).streamTo(way.writeFd()));
            try (RestoredPipes restored = Restore.fromStream(way.readFd()).open()) {
                pipes.check(restored);
            }
            sent.get();
            pipes.checkOriginals();
        }
    }

    /** Saved twice, restored from, and looked into. */
    static void snapshot(Kind.Bench bench) throws Exception {
        Path other = bench.folder().resolve("other.ckpt");
        try (SoakPipes pipes = bench.pipes()) {
            try (Snapshot snapshot = Checkpoint.ofDescriptors(pipes.numbers()).snapshot()) {
                pipes.checkOriginals();
                snapshot.writeTo(bench.image());
                snapshot.writeTo(other);
                for (Restore restore : List.of(
                        Restore.from(snapshot), Restore.from(bench.image()), Restore.from(other))) {
                    peek(restore, pipes);
                    try (RestoredPipes restored = restore.open()) {
                        pipes.check(restored);
                    }
                }
            }
        }
        Files.delete(bench.image());
        Files.delete(other);
    }

    private static void peek(Restore restore, SoakPipes pipes) throws IOException {
        List<Image.Pipe> saved = restore.pipes();
        SoakPipe.require(saved.size() == pipes.pipes.size(), saved.size() + " pipes, expected " + pipes.pipes.size());
        List<String> contents = pipes.pipes.stream().map(pipe -> Arrays.toString(digest(pipe.content()))).sorted().toList();
        List<String> found = saved.stream().map(pipe -> Arrays.toString(digest(payload(restore, pipe)))).sorted().toList();
        SoakPipe.require(found.equals(contents), "other payloads than were in the pipes");
    }

    private static byte[] payload(Restore restore, Image.Pipe pipe) {
        try (Payload payload = restore.payload(pipe.objref())) {
            return payload.readAllBytes();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] digest(byte[] bytes) {
        return Digests.sha256(bytes);
    }
}
