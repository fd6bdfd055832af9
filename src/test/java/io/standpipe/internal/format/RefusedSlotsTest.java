// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.format;

import static io.standpipe.testkit.SeedImage.assertRefused;

import io.standpipe.testkit.SeedImage;
import org.junit.jupiter.api.Test;

/** Which SLOTS the reader refuses, and in which words. Offsets: SLOTS is at 507, behind the first FILE. */
class RefusedSlotsTest {

    private static final int PACKET = 1 << 31;
    private static final String TAIL_END_EXPECTED =
            ", expected 0, or from the length of the last slot, which is no packet, to below a page";

    @Test
    void slotsShorterThanTheirFieldsAreRefused() {
        assertRefused("offset 507: SLOTS: length is 12, expected at least 16", withPipe().ints(8004, 3));
    }

    @Test
    void slotsOfHalfARunAreRefused() {
        assertRefused(
                "offset 507: SLOTS: length is 28, expected 16 and a multiple of 8",
                withPipe().slots(3, 0, 9, 1, 9));
    }

    @Test
    void slotLengthZeroIsRefused() {
        assertRefused(
                "offset 507: SLOTS: slot length is 0, expected a positive number",
                withPipe().slots(3, 0, 9, 1, 0, 1));
    }

    @Test
    void slotLengthBeyondSignedRangeIsRefused() {
        assertRefused(
                "offset 507: SLOTS: slot length is -2147483648, expected a positive number",
                withPipe().slots(3, 0, 1 << 31, 1));
    }

    @Test
    void slotCountZeroIsRefused() {
        assertRefused(
                "offset 507: SLOTS: slot count is 0, expected a positive number",
                withPipe().slots(3, 0, 9, 1, 9, 0));
    }

    @Test
    void slotCountZeroOfPacketsIsRefused() {
        assertRefused(
                "offset 507: SLOTS: slot count is 0, expected a positive number",
                withPipe().slots(3, 0, 9, PACKET));
    }

    @Test
    void packetLongerThanAPageIsRefused() {
        assertRefused(
                "offset 507: SLOTS: packet length is 4097, expected at most a page, 4096",
                withPipe().slots(3, 0, 4097, 1 | PACKET));
    }

    @Test
    void sumOfOneRunBeyondTheLongestPayloadIsRefused() {
        assertRefused(
                "offset 507: SLOTS: sum of the slots is 4611686014132420609, expected at most 4294967295",
                withPipe().slots(3, 0, Integer.MAX_VALUE, Integer.MAX_VALUE));
    }

    @Test
    void sumOfSeveralRunsBeyondTheLongestPayloadIsRefused() {
        assertRefused(
                "offset 507: SLOTS: sum of the slots is 4294967296, expected at most 4294967295",
                withPipe().slots(3, 0, Integer.MAX_VALUE, 2, 1, 2));
    }

    @Test
    void sumOfSeveralRunsThatWouldOverflowToThePayloadIsRefused() {
        int max = Integer.MAX_VALUE; // 4 max^2 + 8 max + 13 = 2^64 + 9
        assertRefused(
                "offset 507: SLOTS: sum of the slots is 4611686014132420609, expected at most 4294967295",
                withPipe()
                        .slots(3, 0, max, max, max, max, max, max, max, max, max, 8, 13, 1)
                        .pipeBuf(SeedImage.PAYLOAD));
    }

    @Test
    void sumBelowThePayloadIsRefused() {
        assertRefused(
                "offset 539: PIPE_BUF: payload is 9 bytes, expected 8, what is in SLOTS",
                withPipe().slots(3, 0, 3, 2, 2, 1).pipeBuf(SeedImage.PAYLOAD));
    }

    @Test
    void largestSumIsComparedWithThePayload() {
        assertRefused(
                "offset 539: PIPE_BUF: payload is 9 bytes, expected 4294967295, what is in SLOTS",
                withPipe().slots(3, 0, Integer.MAX_VALUE, 2, 1, 1).pipeBuf(SeedImage.PAYLOAD));
    }

    @Test
    void emptyPipeWithSlotsIsRefused() {
        assertRefused(
                "offset 531: PIPE_BUF: payload is 0 bytes, expected 1, what is in SLOTS",
                withPipe().slots(3, 0, 1, 1).pipeBuf(new byte[0]));
    }

    @Test
    void tailEndBelowTheLengthOfTheLastSlotIsRefused() {
        assertRefused("offset 507: SLOTS: tail_end is 8" + TAIL_END_EXPECTED, withPipe().slots(3, 8, 1, 1, 9, 1));
    }

    @Test
    void tailEndAtTheEndOfAPageIsRefused() {
        assertRefused("offset 507: SLOTS: tail_end is 4096" + TAIL_END_EXPECTED, withPipe().slots(3, 4096, 9, 1));
    }

    @Test
    void negativeTailEndIsRefused() {
        assertRefused(
                "offset 507: SLOTS: tail_end is -1, expected 0 or more", withPipe().slots(3, -1, 9, 1));
    }

    @Test
    void tailEndBehindAPacketIsRefused() {
        assertRefused(
                "offset 507: SLOTS: tail_end is 9" + TAIL_END_EXPECTED, withPipe().slots(3, 9, 1, 1, 9, 1 | PACKET));
    }

    @Test
    void tailEndWithoutSlotsIsRefused() {
        assertRefused("offset 507: SLOTS: tail_end is 1" + TAIL_END_EXPECTED, withPipe().slots(3, 1));
    }

    @Test
    void slotsWithoutInfoBeforeThemAreRefused() {
        assertRefused(
                "offset 443: SLOTS: no INFO before it, expected one, which tells the size of a page",
                SeedImage.withTable(1).objref(4, 2).file(0, 3).slots(3, 0, 9, 1).info().pipeBuf(SeedImage.PAYLOAD));
    }

    @Test
    void slotsOfAnotherPipeAreRefused() {
        assertRefused(
                "offset 507: SLOTS: pipe_objref is 4, expected 3", withPipe().slots(4, 0, 9, 1));
    }

    @Test
    void slotsOfPipeZeroAreRefused() {
        assertRefused(
                "offset 507: SLOTS: pipe_objref is 0, expected a positive number",
                withPipe().slots(0, 0, 9, 1));
    }

    @Test
    void slotsBeforeTheStateAreRefused() {
        assertRefused(
                "offset 531: found PIPE_STATE, expected PIPE_BUF",
                withPipe().slots(3, 0, 9, 1).pipeState(3, 4096, 9).pipeBuf(SeedImage.PAYLOAD));
    }

    @Test
    void secondSlotsOfAPipeAreRefused() {
        assertRefused(
                "offset 531: found SLOTS, expected PIPE_BUF", withPipe().slots(3, 0, 9, 1).slots(3, 0, 9, 1));
    }

    @Test
    void slotsOfAPipeThatWasMetBeforeAreRefused() {
        assertRefused(
                "offset 620: found SLOTS, expected FILE_DESC",
                SeedImage.began().info().objref(3, 1).ints(301, 2, 0).objref(4, 2).file(0, 3)
                        .pipeBuf(SeedImage.PAYLOAD).fileDesc(2, 4).objref(4, 5).file(1, 3).slots(3, 0, 9, 1));
    }

    private static SeedImage withPipe() {
        return SeedImage.withInfo().objref(4, 2).file(0, 3);
    }
}
