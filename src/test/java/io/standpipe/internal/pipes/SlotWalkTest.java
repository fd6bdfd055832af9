// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.pipes;

import static io.standpipe.pipe.PipeFlags.SPLICE_F_NONBLOCK;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.standpipe.Slots;
import io.standpipe.internal.sys.DiscardingRead;
import io.standpipe.internal.sys.FdCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.pipe.Pipes;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.RandomBytes;
import io.standpipe.testkit.TestPipe;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Every slot of a clone is found with its length, and whether it is a packet; the clone is empty afterwards. */
@ExtendWith(DescriptorLeakCheck.class)
class SlotWalkTest {

    private static final int PAGE = 4096;
    private static final int[] LENGTHS = {1, 2, 300, PAGE - 1, PAGE};

    @Test
    void lastPacketOfOneByteInAFullPipeIsFound() throws IOException {
        assertFound(2 * PAGE, List.of(slot(1, false), slot(1, true)));
    }

    @Test
    void packetThatFillsAPipeOfOneSlotIsFound() throws IOException {
        assertFound(PAGE, List.of(slot(10, true)));
    }

    @Test
    void packetsAndPlainSlotsOfOneLengthAreToldApart() throws IOException {
        assertFound(16 * PAGE, List.of(slot(5, true), slot(5, false), slot(5, true)));
    }

    @Test
    void randomSlotsAreFound() throws IOException {
        Random random = new Random(1);
        for (int round = 0; round < 300; round++) {
            int capacityPages = 1 << random.nextInt(5);
            List<Slots.Run> slots = new ArrayList<>();
            for (int count = 1 + random.nextInt(capacityPages); count > 0; count--) {
                slots.add(slot(LENGTHS[random.nextInt(LENGTHS.length)], random.nextBoolean()));
            }
            assertFound(capacityPages * PAGE, slots);
        }
    }

    private static Slots.Run slot(int lengthBytes, boolean packet) {
        return new Slots.Run(lengthBytes, 1, packet);
    }

    private static void assertFound(int capacityBytes, List<Slots.Run> slots) throws IOException {
        try (TestPipe pipe = TestPipe.ofCapacity(capacityBytes);
                TeePipe clone = new TeePipe();
                DiscardingRead reader = new DiscardingRead();
                SlotWalk walk = new SlotWalk(reader)) {
            for (Slots.Run slot : slots) {
                add(pipe, slot);
            }
            long queuedBytes = clone.takeFrom(pipe.readFd(), capacityBytes);
            List<Slots.Run> found = new ArrayList<>();
            for (Slots.Run run : walk.walk(clone, capacityBytes, queuedBytes)) {
                for (int i = 0; i < run.count(); i++) {
                    found.add(slot(run.lengthBytes(), run.packet()));
                }
            }
            assertEquals(slots, found);
            assertEquals(0, Pipes.queuedBytes(clone.readFd()));
        }
    }

    /** Adds a packet by a write, and a slot that is none by tee, which merges with no other. */
    private static void add(TestPipe pipe, Slots.Run slot) throws IOException {
        byte[] bytes = RandomBytes.of(slot.lengthBytes());
        if (slot.packet()) {
            FdCalls.setStatusFlags(pipe.writeFd(), Flags.oDirect());
            pipe.write(bytes);
            return;
        }
        try (TestPipe source = TestPipe.holding(bytes)) {
            assertEquals(bytes.length, Pipes.tee(source.readFd(), pipe.writeFd(), bytes.length, SPLICE_F_NONBLOCK));
        }
    }
}
