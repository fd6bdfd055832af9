// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import io.standpipe.bridge.Flags;
import io.standpipe.image.PipeStateRecord;
import io.standpipe.image.SlotsRecord;
import io.standpipe.survey.Survey;
import java.util.ArrayList;
import java.util.List;

/** What a survey tells of a pipe, in the words of an image. */
final class SurveyedSlots {

    private final Survey survey;

    SurveyedSlots(Survey survey) {
        this.survey = survey;
    }

    int capacityBytes(int place) {
        return survey.mostSlots(place) * HostPage.SIZE_BYTES;
    }

    /** Which ends are held outside the set. */
    int outside(SavedPipe pipe, int place) {
        if (pipe.has(Flags.O_WRONLY)) {
            return 0;
        }
        return PipeStateRecord.OUTSIDE_LOOKED_FOR
                | (survey.writers(place) == 0 ? 0 : PipeStateRecord.OUTSIDE_WRITE_END);
    }

    /** How many bytes are in the pipe. */
    long lengthBytes(SavedPipe pipe, int place) throws StandpipeException {
        long total = 0;
        for (int slot = 0; slot < survey.slots(place); slot++) {
            int length = survey.lengthBytes(place, slot);
            if (length <= 0) {
                throw new StandpipeException(pipe + ": slot " + slot + " has " + length + " bytes, expected some");
            }
            total += length;
        }
        return total;
    }

    /** How they lie, or null where writing them would have laid them like that. */
    SlotsRecord record(SavedPipe pipe, int place, long lengthBytes) {
        int slots = survey.slots(place);
        int tailEnd = slots == 0 ? 0 : survey.endBytes(place, slots - 1, HostPage.SIZE_BYTES);
        if (isAsWritten(place, tailEnd, lengthBytes)) {
            return null;
        }
        return new SlotsRecord(pipe.objref(), tailEnd, runs(place));
    }

    /** Slots of one length and kind that follow one another, from the first on. */
    List<SlotsRecord.Run> runs(int place) {
        int slots = survey.slots(place);
        List<SlotsRecord.Run> runs = new ArrayList<>();
        for (int from = 0, to; from < slots; from = to) {
            int length = survey.lengthBytes(place, from);
            boolean packet = survey.isPacket(place, from);
            to = from + 1;
            while (to < slots && survey.lengthBytes(place, to) == length && survey.isPacket(place, to) == packet) {
                to++;
            }
            runs.add(new SlotsRecord.Run(length, to - from, packet));
        }
        return runs;
    }

    /** Whether they are whole pages and a rest, in which a write goes on. */
    private boolean isAsWritten(int place, int tailEnd, long lengthBytes) {
        return isDense(place) && tailEnd == lengthBytes % HostPage.SIZE_BYTES;
    }

    /** Whether they are whole pages and a rest, and none is a packet. */
    boolean isDense(int place) {
        int slots = survey.slots(place);
        for (int slot = 0; slot < slots; slot++) {
            boolean last = slot == slots - 1;
            int length = survey.lengthBytes(place, slot);
            if (survey.isPacket(place, slot) || length > HostPage.SIZE_BYTES || !last && length < HostPage.SIZE_BYTES) {
                return false;
            }
        }
        return true;
    }
}
