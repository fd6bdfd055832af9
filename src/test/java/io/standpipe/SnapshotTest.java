// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.standpipe.internal.sys.PipeCalls;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.Pipes;
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

    private static final byte[] SOME = Pipes.random(70_000);

    @TempDir
    Path folder;

    @Test
    void whatIsHeldStaysAsItWas() throws IOException {
        try (TestPipe pipe = TestPipe.create()) {
            PipeCalls.setCapacityBytes(pipe.w(), 131_072);
            Pipes.write(pipe.w(), SOME);
            try (Snapshot snapshot = Checkpoint.ofDescriptors(pipe.r(), pipe.w()).snapshot()) {
                assertArrayEquals(SOME, Pipes.readAll(pipe.r()));
                Pipes.write(pipe.w(), new byte[] {1});
                assertEquals(Duration.ZERO, snapshot.frozen());
                for (int i = 0; i < 3; i++) {
                    Path image = folder.resolve("image" + i);
                    assertEquals(SOME.length, snapshot.writeTo(image).payloadBytes());
                    assertHeld(Restore.from(image), pipe);
                    assertHeld(Restore.from(snapshot), pipe);
                }
            }
            assertArrayEquals(new byte[] {1}, Pipes.readAll(pipe.r()));
        }
    }

    private static void assertHeld(Restore restore, TestPipe pipe) throws IOException {
        try (RestoredPipes restored = restore.open()) {
            int reader = restored.descriptor(pipe.r()).number();
            assertEquals(131_072, PipeCalls.capacityBytes(reader));
            assertArrayEquals(SOME, Pipes.readAll(reader));
        }
    }

    @Test
    void imagesOfOneSnapshotAreTheSame() throws IOException {
        try (TestPipe pipe = TestPipe.create(); TestPipe empty = TestPipe.create()) {
            Pipes.write(pipe.w(), new byte[] {1, 2, 3});
            try (Snapshot snapshot = Checkpoint.ofDescriptors(pipe.w(), empty.r()).snapshot()) {
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
    void holdsNoEndOfThePipes() throws IOException {
        try (TestPipe one = TestPipe.create(); TestPipe other = TestPipe.create()) {
            Pipes.write(one.w(), new byte[] {1});
            try (Snapshot snapshot = Checkpoint.ofDescriptors(one.r(), one.w(), other.r(), other.w()).snapshot()) {
                one.closeWriteEnd();
                Pipes.readAll(one.r());
                assertEquals(true, Pipes.isAtEnd(one.r()));
                other.closeReadEnd();
                assertEquals(true, Pipes.isBroken(other.w()));
                assertEquals(2, snapshot.pipes());
            }
        }
    }

    @Test
    void aSnapshotIsNoImage() throws IOException {
        try (TestPipe pipe = TestPipe.create();
                Snapshot snapshot = Checkpoint.ofDescriptors(pipe.r()).snapshot()) {
            assertThrows(IllegalStateException.class, () -> Restore.from(snapshot).check());
        }
    }
}
