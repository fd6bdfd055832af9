// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.standpipe.pipe.Pipes;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.PipeIo;
import io.standpipe.testkit.RandomBytes;
import io.standpipe.testkit.TestPipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A snapshot keeps what was in the pipes, whatever becomes of them. */
@ExtendWith(DescriptorLeakCheck.class)
class SnapshotTest {

    private static final byte[] SOME = RandomBytes.of(70_000);

    @TempDir
    Path folder;

    @Test
    void snapshotKeepsItsBytesWhenPipeChanges() throws IOException {
        try (TestPipe pipe = TestPipe.open()) {
            Pipes.setCapacityBytes(pipe.writeFd(), 131_072);
            PipeIo.write(pipe.writeFd(), SOME);
            try (Snapshot snapshot = Checkpoint.ofDescriptors(pipe.readFd(), pipe.writeFd()).snapshot()) {
                assertArrayEquals(SOME, PipeIo.readAll(pipe.readFd()));
                PipeIo.write(pipe.writeFd(), new byte[] {1});
                assertEquals(Duration.ZERO, snapshot.frozen());
                for (int i = 0; i < 3; i++) {
                    Path image = folder.resolve("image" + i);
                    assertEquals(SOME.length, snapshot.writeTo(image).payloadBytes());
                    assertHeld(Restore.from(image), pipe);
                    assertHeld(Restore.from(snapshot), pipe);
                }
            }
            assertArrayEquals(new byte[] {1}, PipeIo.readAll(pipe.readFd()));
        }
    }

    private static void assertHeld(Restore restore, TestPipe pipe) throws IOException {
        try (RestoredPipes restored = restore.open()) {
            int reader = restored.descriptor(pipe.readFd()).number();
            assertEquals(131_072, Pipes.capacityBytes(reader));
            assertArrayEquals(SOME, PipeIo.readAll(reader));
        }
    }

    @Test
    void imagesOfOneSnapshotAreEqual() throws IOException {
        try (TestPipe pipe = TestPipe.open(); TestPipe empty = TestPipe.open()) {
            PipeIo.write(pipe.writeFd(), new byte[] {1, 2, 3});
            try (Snapshot snapshot = Checkpoint.ofDescriptors(pipe.writeFd(), empty.readFd()).snapshot()) {
                snapshot.writeTo(folder.resolve("a"));
                snapshot.writeTo(folder.resolve("b"));
                byte[] a = Files.readAllBytes(folder.resolve("a"));
                byte[] b = Files.readAllBytes(folder.resolve("b"));
                assertEquals(a.length, b.length);
                assertEquals(2, snapshot.pipes());
            }
        }
    }

    /** The pipe's users see the end, or that nobody reads, as if the snapshot had never been taken. */
    @Test
    void snapshotHoldsNoEndOfThePipes() throws IOException {
        try (TestPipe one = TestPipe.open(); TestPipe other = TestPipe.open()) {
            PipeIo.write(one.writeFd(), new byte[] {1});
            try (Snapshot snapshot = Checkpoint.ofDescriptors(one.readFd(), one.writeFd(), other.readFd(), other.writeFd()).snapshot()) {
                one.closeWriteEnd();
                PipeIo.readAll(one.readFd());
                assertEquals(true, PipeIo.isAtEnd(one.readFd()));
                other.closeReadEnd();
                assertEquals(true, PipeIo.isBroken(other.writeFd()));
                assertEquals(2, snapshot.pipes());
            }
        }
    }

    @Test
    void checkOfSnapshotIsRefused() throws IOException {
        try (TestPipe pipe = TestPipe.open();
                Snapshot snapshot = Checkpoint.ofDescriptors(pipe.readFd()).snapshot()) {
            assertThrows(IllegalStateException.class, () -> Restore.from(snapshot).check());
        }
    }
}
