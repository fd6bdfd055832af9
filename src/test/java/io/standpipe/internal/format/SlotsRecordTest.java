// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.internal.format.SlotsRecord.Run;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What slots tell of themselves. */
class SlotsRecordTest {

    private static final int PAGE = 4096;

    /** (2,093,056 - 16) / 8: as many runs as the longest record holds. */
    private static final int MOST_RUNS = 261_630;

    @Test
    void nothingWrittenMakesNoSlots() {
        assertEquals(new SlotsRecord(3, 0, List.of()), SlotsRecord.written(3, 0, PAGE));
    }

    @Test
    void lessThanAPageIsOneSlotInWhichAWriteGoesOn() {
        assertEquals(new SlotsRecord(3, 100, List.of(new Run(100, 1, false))), SlotsRecord.written(3, 100, PAGE));
    }

    @Test
    void wholePagesAreSlotsInWhichNoWriteGoesOn() {
        assertEquals(new SlotsRecord(3, 0, List.of(new Run(PAGE, 2, false))), SlotsRecord.written(3, 2 * PAGE, PAGE));
    }

    @Test
    void pagesAndARestAreTwoRunsOfSlots() {
        assertEquals(
                new SlotsRecord(3, 1, List.of(new Run(PAGE, 16, false), new Run(1, 1, false))),
                SlotsRecord.written(3, 16 * PAGE + 1, PAGE));
    }

    @Test
    void pagesAreOfTheSizeThatIsGiven() {
        assertEquals(
                new SlotsRecord(3, 2 * PAGE, List.of(new Run(2 * PAGE, 1, false))),
                SlotsRecord.written(3, 2 * PAGE, 65_536));
    }

    @Test
    void writtenBytesAddUpToWhatWasWritten() {
        assertEquals(0xFFFF_FFFFL, SlotsRecord.written(3, 0xFFFF_FFFFL, PAGE).totalBytes());
    }

    @Test
    void writtenBytesHaveNoPhase() {
        assertEquals(0, SlotsRecord.written(3, 5 * PAGE + 17, PAGE).phase(PAGE));
    }

    @Test
    void noSlotsHaveNoPhase() {
        assertEquals(0, slots().phase(PAGE));
    }

    @Test
    void slotsOfWhichNoneFillsAPageHaveNoPhase() {
        assertEquals(0, slots(new Run(100, 50, false), new Run(4095, 3, false)).phase(PAGE));
    }

    @Test
    void phaseIsWhatIsLeftOfAPageBehindTheBytesBeforeTheFirstPage() {
        assertEquals(PAGE - 300, slots(new Run(100, 3, false), new Run(PAGE, 1, false)).phase(PAGE));
    }

    @Test
    void bytesOfAPageInAllBeforeTheFirstPageMakeNoPhase() {
        assertEquals(0, slots(new Run(1024, 4, false), new Run(PAGE, 1, false)).phase(PAGE));
    }

    @Test
    void moreBytesThanAPageBeforeTheFirstPageCountWithoutTheirPages() {
        assertEquals(PAGE - 904, slots(new Run(1000, 5, false), new Run(PAGE, 1, false)).phase(PAGE));
    }

    @Test
    void phaseIsThatOfTheFirstPageOnly() {
        assertEquals(
                PAGE - 10,
                slots(new Run(10, 1, false), new Run(PAGE, 1, false), new Run(7, 1, false), new Run(PAGE, 1, false))
                        .phase(PAGE));
    }

    @Test
    void packetOfAPageIsPassedOver() {
        assertEquals(
                PAGE - 10, slots(new Run(PAGE, 2, true), new Run(10, 1, false), new Run(PAGE, 1, false)).phase(PAGE));
    }

    @Test
    void bytesBeyondSignedRangeBeforeTheFirstPageAreCounted() {
        assertEquals(
                PAGE - 4094, slots(new Run(Integer.MAX_VALUE, 2, false), new Run(PAGE, 1, false)).phase(PAGE));
    }

    @Test
    void slotsAndTheirBytesAreCountedOverAllRuns() {
        SlotsRecord slots = slots(new Run(100, 3, false), new Run(PAGE, 2, true));
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

    @Test
    void asManyRunsAsTheLongestRecordHoldsAreNotTooMany() {
        SlotsRecord slots = new SlotsRecord(3, 0, Collections.nCopies(MOST_RUNS, new Run(1, 1, false)));
        assertEquals(List.of(false, RecordCursor.MAX_RECORD_BYTES), List.of(slots.isTooLong(), slots.lengthBytes()));
    }

    @Test
    void oneRunMoreThanTheLongestRecordHoldsIsTooMany() {
        assertTrue(new SlotsRecord(3, 0, Collections.nCopies(MOST_RUNS + 1, new Run(1, 1, false))).isTooLong());
    }

    private static SlotsRecord slots(Run... runs) {
        return new SlotsRecord(3, 0, List.of(runs));
    }
}
