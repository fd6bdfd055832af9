// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.Slots.Run;
import io.standpipe.internal.format.SlotLayout;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What slots tell of themselves. */
class SlotsArithmeticTest {

    private static final int PAGE = 4096;

    /** (2,093,056 - 16) / 8: as many runs as the longest record holds. */

    @Test
    void nothingWrittenMakesNoSlots() {
        assertEquals(new Slots(0, List.of()), SlotLayout.written(0, PAGE));
    }

    @Test
    void lessThanAPageIsOneSlotInWhichAWriteGoesOn() {
        assertEquals(new Slots(100, List.of(new Run(100, 1, false))), SlotLayout.written(100, PAGE));
    }

    @Test
    void wholePagesAreSlotsInWhichNoWriteGoesOn() {
        assertEquals(new Slots(0, List.of(new Run(PAGE, 2, false))), SlotLayout.written(2 * PAGE, PAGE));
    }

    @Test
    void pagesAndARestAreTwoRunsOfSlots() {
        assertEquals(
                new Slots(1, List.of(new Run(PAGE, 16, false), new Run(1, 1, false))),
                SlotLayout.written(16 * PAGE + 1, PAGE));
    }

    @Test
    void pagesAreOfTheSizeThatIsGiven() {
        assertEquals(
                new Slots(2 * PAGE, List.of(new Run(2 * PAGE, 1, false))),
                SlotLayout.written(2 * PAGE, 65_536));
    }

    @Test
    void writtenBytesAddUpToWhatWasWritten() {
        assertEquals(0xFFFF_FFFFL, SlotLayout.written(0xFFFF_FFFFL, PAGE).totalBytes());
    }

    @Test
    void writtenBytesHaveNoPhase() {
        assertEquals(0, SlotLayout.phaseBytes(SlotLayout.written(5 * PAGE + 17, PAGE), PAGE));
    }

    @Test
    void noSlotsHaveNoPhase() {
        assertEquals(0, phase());
    }

    @Test
    void slotsOfWhichNoneFillsAPageHaveNoPhase() {
        assertEquals(0, phase(new Run(100, 50, false), new Run(4095, 3, false)));
    }

    @Test
    void phaseIsWhatIsLeftOfAPageBehindTheBytesBeforeTheFirstPage() {
        assertEquals(PAGE - 300, phase(new Run(100, 3, false), new Run(PAGE, 1, false)));
    }

    @Test
    void bytesOfAPageInAllBeforeTheFirstPageMakeNoPhase() {
        assertEquals(0, phase(new Run(1024, 4, false), new Run(PAGE, 1, false)));
    }

    @Test
    void moreBytesThanAPageBeforeTheFirstPageCountWithoutTheirPages() {
        assertEquals(PAGE - 904, phase(new Run(1000, 5, false), new Run(PAGE, 1, false)));
    }

    @Test
    void phaseIsThatOfTheFirstPageOnly() {
        assertEquals(
                PAGE - 10,
                phase(new Run(10, 1, false), new Run(PAGE, 1, false), new Run(7, 1, false), new Run(PAGE, 1, false)));
    }

    @Test
    void packetOfAPageIsPassedOver() {
        assertEquals(
                PAGE - 10, phase(new Run(PAGE, 2, true), new Run(10, 1, false), new Run(PAGE, 1, false)));
    }

    @Test
    void bytesBeyondSignedRangeBeforeTheFirstPageAreCounted() {
        assertEquals(
                PAGE - 4094, phase(new Run(Integer.MAX_VALUE, 2, false), new Run(PAGE, 1, false)));
    }

    @Test
    void slotsAndTheirBytesAreCountedOverAllRuns() {
        Slots slots = slots(new Run(100, 3, false), new Run(PAGE, 2, true));
        assertEquals(List.of(5L, 8492L), List.of(slots.count(), slots.totalBytes()));
    }

    @Test
    void onePacketAmongTheSlotsIsSeen() {
        assertTrue(slots(new Run(100, 3, false), new Run(5, 1, true)).hasPackets());
    }

    @Test
    void slotsWithoutPacketsHaveNone() {
        assertFalse(slots(new Run(100, 3, false)).hasPackets());
    }

    private static int phase(Run... runs) {
        return SlotLayout.phaseBytes(slots(runs), PAGE);
    }

    private static Slots slots(Run... runs) {
        return new Slots(0, List.of(runs));
    }
}
