// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import io.standpipe.bridge.ErrnoException;
import io.standpipe.bridge.Flags;
import io.standpipe.image.PipeStateRecord;
import io.standpipe.image.SlotsRecord;
import io.standpipe.survey.Survey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What a survey tells of the pipes' contents, which are cloned in turn. Whether each pipe still had then what the survey told is to be
 * found out by another one.
 */
final class SurveyedPayloads implements CheckpointWriter.Payloads {

    private final Survey survey;
    private final PipeClone clone;
    private final ImageBody body;
    private SavedPipe pipe;
    private int source;
    private int place;
    private long lengthBytes;

    SurveyedPayloads(Survey survey, PipeClone clone, ImageBody body) {
        this.survey = survey;
        this.clone = clone;
        this.body = body;
    }

    @Override
    public PipeStateRecord state(SavedPipe next) throws StandpipeException {
        pipe = next;
        try {
            source = pipe.readable();
        } catch (ErrnoException e) {
            throw Failure.of(pipe.toString(), e);
        }
        place = survey.find(source);
        lengthBytes = 0;
        for (int slot = 0; slot < survey.slots(place); slot++) {
            int length = survey.lengthBytes(place, slot);
            if (length <= 0) {
                throw new StandpipeException(pipe + ": slot " + slot + " has " + length + " bytes, expected some");
            }
            lengthBytes += length;
        }
        return pipe.state(survey.mostSlots(place) * HostPage.SIZE_BYTES, outside(), lengthBytes);
    }

    private int outside() {
        if (pipe.has(Flags.O_WRONLY)) {
            return 0;
        }
        return PipeStateRecord.OUTSIDE_LOOKED_FOR
                | (survey.writers(place) == 0 ? 0 : PipeStateRecord.OUTSIDE_WRITE_END);
    }

    @Override
    public SlotsRecord slots() {
        int slots = survey.slots(place);
        int tailEnd = slots == 0 ? 0 : survey.endBytes(place, slots - 1, HostPage.SIZE_BYTES);
        if (isAsWritten(slots, tailEnd)) {
            return null;
        }
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
        return new SlotsRecord(pipe.objref, tailEnd, runs);
    }

    /** Whether writing the bytes would have made just these slots: whole pages and a rest, in which a write goes on. */
    private boolean isAsWritten(int slots, int tailEnd) {
        for (int slot = 0; slot < slots; slot++) {
            boolean last = slot == slots - 1;
            int length = survey.lengthBytes(place, slot);
            if (survey.isPacket(place, slot) || length > HostPage.SIZE_BYTES || !last && length < HostPage.SIZE_BYTES) {
                return false;
            }
        }
        return tailEnd == lengthBytes % HostPage.SIZE_BYTES;
    }

    @Override
    public void move(long payloadBytes) throws IOException {
        if (!body.tee(source, survey.slots(place), payloadBytes)) {
            long cloned = clone.takeFrom(source, survey.mostSlots(place) * HostPage.SIZE_BYTES);
            if (cloned != payloadBytes) {
                throw new StandpipeException(pipe + ": cloned " + cloned + " bytes, expected " + payloadBytes);
            }
            body.splice(clone.readEnd(), payloadBytes);
        }
    }
}
