// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.pipes;

import static io.standpipe.pipe.PipeFlags.SPLICE_F_NONBLOCK;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.standpipe.Checkpoint;
import io.standpipe.Restore;
import io.standpipe.RestoredPipes;
import io.standpipe.internal.sys.FdCalls;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.NativeMemory;
import io.standpipe.internal.sys.PipeCalls;
import io.standpipe.pipe.Pipes;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.Kernel;
import io.standpipe.testkit.RandomBytes;
import io.standpipe.testkit.RefusedCalls;
import io.standpipe.testkit.TestJvm;
import io.standpipe.testkit.TestPipe;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A restored pipe has the bytes in slots as before: packets, no free slot, and what the last slot still takes. */
@ExtendWith(DescriptorLeakCheck.class)
class SlotsTest {

    private static final int PAGE = 4096;
    /** The first write does not fit by a byte, the second does. */
    private static final List<Long> MEASURED = List.of(0L, 3946L, 3996L);
    /** As if no bytes had been read from the slot: it takes a byte more. */
    private static final List<Long> DEDUCED = List.of(3947L, 0L, 3997L);

    @TempDir
    Path folder;

    private final NativeMemory memory = NativeMemory.nativeOrder(1 << 17);

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void packetsKeepTheirEnds(boolean flagCleared) throws IOException {
        try (TestPipe pipe = TestPipe.open()) {
            packets(pipe, 10, 1, PAGE, 30);
            if (flagCleared) {
                FdCalls.setStatusFlags(pipe.writeFd(), 0);
            }
            assertEquals(List.of(10L, 1L, (long) PAGE, 30L), reads(pipe));
        }
    }

    @Test
    void packetsAmongStreamBytesKeepTheirEnds() throws IOException {
        try (TestPipe pipe = TestPipe.open()) {
            pipe.write(RandomBytes.of(PAGE));
            packets(pipe, 3, 1);
            FdCalls.setStatusFlags(pipe.writeFd(), 0);
            pipe.write(RandomBytes.of(5));
            packets(pipe, PAGE);
            assertEquals(List.of(PAGE + 3L, 1L, 5L + PAGE), reads(pipe));
        }
    }

    @Test
    void packetsThatFillAPipeStayPackets() throws IOException {
        try (TestPipe pipe = TestPipe.open()) {
            packets(pipe, PAGE, PAGE, PAGE, PAGE, PAGE, PAGE, PAGE, PAGE, PAGE, PAGE, PAGE, PAGE, PAGE, PAGE, PAGE, PAGE);
            FdCalls.setStatusFlags(pipe.writeFd(), 0);
            assertEquals(16, reads(pipe).size());
        }
    }

    @Test
    void pipeWithoutFreeSlotStaysFull() throws IOException {
        try (TestPipe pipe = TestPipe.open();
                TestPipe one = TestPipe.holding(new byte[1])) {
            for (int i = 0; i < 16; i++) {
                assertEquals(1, Pipes.tee(one.readFd(), pipe.writeFd(), 1, SPLICE_F_NONBLOCK));
            }
            assertEquals(List.of(0L, 0L, 16L), writesAndRead(pipe, 1, PAGE));
        }
    }

    @Test
    void lastSlotOfAFullPipeTakesAsMuchAsBefore() throws IOException {
        try (TestPipe pipe = TestPipe.open()) {
            pipe.write(RandomBytes.of(15 * PAGE + 1000));
            assertEquals(List.of(0L, 3096L, 0L, 65_536L), writesAndRead(pipe, 3097, 3096, 1));
        }
    }

    @Test
    void partlyConsumedOnlySlotTakesAsMuchAsBeforeFromLinux615On() throws IOException {
        assertEquals(Kernel.isAtLeast(6, 15) ? MEASURED : DEDUCED, partlyConsumed());
    }

    /** On any kernel: what measures is refused. */
    @Test
    void partlyConsumedOnlySlotTakesWhatPlainWritesLeaveOnOlderKernels() throws Exception {
        TestJvm.runThrough(RefusedCalls.in(folder).refusing("write from nowhere"), Deduction.class, folder.toString())
                .assertPrinted(DEDUCED + "\n");
    }

    /** What the twin takes of two writes to its only slot, of which a reader has taken 100 of 150 bytes, and what is then read. */
    private List<Long> partlyConsumed() throws IOException {
        try (TestPipe pipe = TestPipe.ofCapacity(PAGE)) {
            pipe.write(RandomBytes.of(150));
            PipeCalls.read(pipe.readFd(), memory, 0, 100);
            return writesAndRead(pipe, 3947, 3946);
        }
    }

    /** Prints what {@link #partlyConsumed} returns. */
    static final class Deduction {

        public static void main(String[] directory) throws IOException {
            SlotsTest test = new SlotsTest();
            test.folder = Path.of(directory[0]);
            System.out.println(test.partlyConsumed());
        }
    }

    @Test
    void partlyConsumedFirstSlotStaysASlot() throws IOException {
        try (TestPipe pipe = TestPipe.open()) {
            pipe.write(RandomBytes.of(65_536));
            PipeCalls.read(pipe.readFd(), memory, 0, 100);
            assertEquals(List.of(0L, 65_436L), writesAndRead(pipe, 1));
        }
    }

    /** The bytes that the twin's reads return. */
    private List<Long> reads(TestPipe pipe) throws IOException {
        try (RestoredPipes twin = twin(pipe)) {
            int fd = twin.descriptor(pipe.readFd()).number();
            List<Long> reads = new ArrayList<>();
            while (Pipes.queuedBytes(fd) > 0) {
                reads.add(PipeCalls.read(fd, memory, 0, memory.sizeBytes()));
            }
            return reads;
        }
    }

    /** What the twin takes of each write, 0 for none, and what is then read at once. */
    private List<Long> writesAndRead(TestPipe pipe, int... lengths) throws IOException {
        try (RestoredPipes twin = twin(pipe)) {
            int w = twin.descriptor(pipe.writeFd()).number();
            FdCalls.setStatusFlags(w, Flags.O_NONBLOCK);
            List<Long> results = new ArrayList<>();
            for (int length : lengths) {
                results.add(Math.max(0, FileCalls.write(w, memory, 0, length)));
            }
            results.add(PipeCalls.read(twin.descriptor(pipe.readFd()).number(), memory, 0, memory.sizeBytes()));
            return results;
        }
    }

    private RestoredPipes twin(TestPipe pipe) throws IOException {
        Path image = folder.resolve("pipe.ckpt");
        Checkpoint.ofDescriptors(pipe.readFd(), pipe.writeFd()).writeTo(image);
        return Restore.from(image).open();
    }

    private void packets(TestPipe pipe, int... lengths) throws IOException {
        FdCalls.setStatusFlags(pipe.writeFd(), Flags.oDirect());
        for (int length : lengths) {
            assertEquals(length, FileCalls.write(pipe.writeFd(), memory, 0, length));
        }
    }
}
