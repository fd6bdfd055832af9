// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import static io.standpipe.pipe.Pipes.WOULD_BLOCK;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.standpipe.Slots.Run;
import io.standpipe.internal.sys.NativeMemory;
import io.standpipe.internal.sys.PipeCalls;
import io.standpipe.pipe.Pipes;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.PipeIo;
import io.standpipe.testkit.RandomBytes;
import io.standpipe.testkit.SampleImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Images from machines whose pages are larger or smaller: what can be made of pages of 4,096 bytes is restored. */
@ExtendWith(DescriptorLeakCheck.class)
class OtherPageSizeTest {

    private static final int PAGE = 4096;
    private static final int READER = 5;
    private static final int WRITER = 6;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(ints = {512, 1024, 16_384, 65_536})
    void payloadAtAnyOffsetIsRestored(int page) throws IOException {
        for (int length : new int[] {1, page, 3 * page + 17, 65_536}) {
            try (RestoredPipes pipes = restore(page, 1 << 20, null, length).open()) {
                assertEquals(List.of(), pipes.deviations());
                assertArrayEquals(RandomBytes.of(length), PipeIo.readAll(reader(pipes)));
            }
        }
    }

    @Test
    void mergeRoomOfLargerPageIsCutToPage() throws IOException {
        Slots slots = slots(50_000, new Run(1, 15, false), new Run(3000, 1, false));
        try (RestoredPipes pipes = restore(65_536, 1 << 20, slots, 3015).open()) {
            Pipes.setCapacityBytes(writer(pipes), 16 * PAGE);
            assertEquals(WOULD_BLOCK, PipeIo.tryWrite(writer(pipes), new byte[1097]));
            assertEquals(1096, PipeIo.tryWrite(writer(pipes), new byte[1096]));
            assertEquals(3015 + 1096, Pipes.queuedBytes(reader(pipes)));
        }
    }

    @Test
    void mergeRoomOfSmallerPageIsKept() throws IOException {
        Slots slots = slots(500, new Run(1, 15, false), new Run(400, 1, false));
        try (RestoredPipes pipes = restore(512, 16 * PAGE, slots, 415).open()) {
            assertEquals(WOULD_BLOCK, PipeIo.tryWrite(writer(pipes), new byte[13]));
            assertEquals(12, PipeIo.tryWrite(writer(pipes), new byte[12]));
        }
    }

    @Test
    void packetsOfSmallerPagesKeepTheirEnds() throws IOException {
        Slots slots = slots(0, new Run(512, 2, true), new Run(3, 2, true));
        try (RestoredPipes pipes = restore(512, 4 * 512, slots, 1030).open()) {
            NativeMemory memory = NativeMemory.nativeOrder(PAGE);
            for (int length : new int[] {512, 512, 3, 3}) {
                assertEquals(length, PipeCalls.read(reader(pipes), memory, 0, PAGE));
            }
            assertEquals(
                    List.of("pipe 3: capacity 16384 bytes instead of 2048, since it had smaller pages,"
                            + " and has as many buffers of 4096 bytes"),
                    pipes.deviations());
        }
    }

    @Test
    void packetsLongerThanPageAreRefusedUnlessBestEffort() throws IOException {
        Restore restore = restore(16_384, 1 << 18, slots(0, new Run(10_000, 1, true)), 10_000);
        UnavailableException e = assertThrows(UnavailableException.class, restore::open);
        assertEquals(
                "pipe 3: has packets among buffers of up to 10000 bytes, and a page is 4096 bytes here;"
                        + " go on with their bytes alone: --best-effort",
                e.getMessage());
        try (RestoredPipes pipes = restore.bestEffort().open()) {
            assertEquals(
                    List.of("pipe 3: its packets have lost their ends, since it has buffers of up to 10000 bytes"),
                    pipes.deviations());
            assertArrayEquals(RandomBytes.of(10_000), PipeIo.readAll(reader(pipes)));
        }
    }

    private Restore restore(int page, int capacity, Slots slots, int length) throws IOException {
        Path image = folder.resolve("image");
        Files.write(image, SampleImage.onePipe(page, READER, WRITER, capacity, slots, RandomBytes.of(length)));
        return Restore.from(image);
    }

    private static Slots slots(int tailEnd, Run... runs) {
        return new Slots(tailEnd, List.of(runs));
    }

    private static int reader(RestoredPipes pipes) {
        return pipes.descriptor(READER).number();
    }

    private static int writer(RestoredPipes pipes) {
        return pipes.descriptor(WRITER).number();
    }
}
