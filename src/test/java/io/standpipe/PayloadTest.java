// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.standpipe.internal.sys.FdCalls;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.NativeMemory;
import io.standpipe.internal.sys.PipeCalls;
import io.standpipe.pipe.Fd;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.RandomBytes;
import io.standpipe.testkit.TestPipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What was queued in a saved pipe, looked at without restoring it. */
@ExtendWith(DescriptorLeakCheck.class)
class PayloadTest {

    private static final byte[] BYTES = RandomBytes.of(50_001);

    @TempDir
    Path folder;

    @Test
    void payloadOfImageAndSnapshotIsReadRepeatedly() throws IOException {
        try (TestPipe pipe = TestPipe.holding(BYTES);
                Snapshot snapshot = Checkpoint.ofDescriptors(pipe.readFd(), pipe.writeFd()).snapshot()) {
            snapshot.writeTo(image());
            for (Restore restore : new Restore[] {Restore.from(image()), Restore.from(snapshot), Restore.from(snapshot)}) {
                try (Payload payload = restore.payload()) {
                    assertEquals(BYTES.length, payload.available());
                    assertArrayEquals(BYTES, payload.readAllBytes());
                    assertEquals(-1, payload.read());
                }
                assertArrayEquals(BYTES, sent(restore, 0));
                assertArrayEquals(Arrays.copyOfRange(BYTES, 777, BYTES.length), sent(restore, 777));
            }
            assertArrayEquals(BYTES, pipe.readAll());
        }
    }

    @Test
    void packetsReadInPartsLoseNoByte() throws IOException {
        try (TestPipe pipe = TestPipe.open()) {
            FdCalls.setStatusFlags(pipe.writeFd(), Flags.oDirect());
            NativeMemory memory = NativeMemory.nativeOrder(5000);
            memory.buffer().put(0, BYTES, 0, 5000);
            for (int at = 0; at < 5000; at += 1000) {
                assertEquals(1000, FileCalls.write(pipe.writeFd(), memory, at, 1000));
            }
            byte[] expected = Arrays.copyOf(BYTES, 5000);
            try (Snapshot snapshot = Checkpoint.ofDescriptors(pipe.readFd()).snapshot()) {
                Restore restore = Restore.from(snapshot);
                try (Payload payload = restore.payload()) {
                    assertEquals(true, payload.slots().hasPackets());
                    byte[] parts = new byte[5000];
                    for (int at = 0; at < parts.length; ) {
                        at += payload.read(parts, at, Math.min(300, parts.length - at));
                    }
                    assertArrayEquals(expected, parts);
                }
                assertArrayEquals(expected, receivedInParts(restore));
            }
        }
    }

    /** Packets that arrived as packets would lose what a short read leaves of them. */
    private static byte[] receivedInParts(Restore restore) throws IOException {
        try (TestPipe out = TestPipe.open(); Payload payload = restore.payload()) {
            payload.sendTo(out.writeFd());
            out.closeWriteEnd();
            byte[] received = new byte[5000];
            for (int at = 0; at < received.length; ) {
                byte[] part = read(out.readFd(), 300);
                System.arraycopy(part, 0, received, at, part.length);
                at += part.length;
            }
            return received;
        }
    }

    private static byte[] read(int fd, int mostBytes) throws IOException {
        NativeMemory memory = NativeMemory.nativeOrder(mostBytes);
        byte[] part = new byte[(int) PipeCalls.read(fd, memory, 0, mostBytes)];
        memory.buffer().get(0, part);
        return part;
    }

    @Test
    void unknownPipeIsRefusedWithTheKnownOnes() throws IOException {
        try (TestPipe one = TestPipe.holding(BYTES); TestPipe two = TestPipe.open()) {
            Checkpoint.ofDescriptors(one.readFd(), two.readFd()).writeTo(image());
        }
        Restore restore = Restore.from(image());
        assertEquals(
                "image " + image() + ": holds 2 pipes, expected 1; choose one of [2, 4] with --pipe (in the library, Restore.payload(objref))",
                assertThrows(StandpipeException.class, restore::payload).getMessage());
        assertEquals(
                "image " + image() + ": holds no pipe 3; choose one of [2, 4] with --pipe (in the library, Restore.payload(objref))",
                assertThrows(StandpipeException.class, () -> restore.payload(3)).getMessage());
        try (Payload payload = restore.payload(4)) {
            assertEquals(0, payload.readAllBytes().length);
        }
    }

    private Path image() {
        return folder.resolve("pipe.ckpt");
    }

    private byte[] sent(Restore restore, int readBefore) throws IOException {
        Path file = Files.write(folder.resolve("out"), new byte[0]);
        try (Payload payload = restore.payload();
                Fd out = FileCalls.open(FileCalls.CURRENT_DIRECTORY, file.toString(), Flags.O_WRONLY, 0)) {
            payload.readNBytes(readBefore);
            assertEquals(BYTES.length - readBefore, payload.sendTo(out.number()));
            assertEquals(0, payload.sendTo(out.number()));
        }
        return Files.readAllBytes(file);
    }
}
