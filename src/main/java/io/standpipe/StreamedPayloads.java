// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import io.standpipe.bridge.ErrnoException;
import io.standpipe.image.SlotsRecord;
import io.standpipe.survey.Look;
import io.standpipe.survey.Survey;
import java.io.IOException;

/**
 * What a survey tells of the pipes' contents, which are cloned to a stream in turn. What was sent cannot be taken back: so a look at each
 * pipe, after it was cloned, tells whether it still had what the survey told. If it had not, its clone is asked how its bytes lie.
 */
final class StreamedPayloads implements CheckpointWriter.Payloads, AutoCloseable {

    private final Survey survey;
    private final Look look;
    private final SurveyedSlots told;
    private final ImageOutput output;
    private final PipeClone clone = new PipeClone();
    private final SlotProbe probe = new SlotProbe();
    private int capacityBytes;
    private int outside;
    private long queuedBytes;
    private SlotsRecord slots;

    StreamedPayloads(Survey survey, Look look, ImageOutput output) {
        this.survey = survey;
        this.look = look;
        told = new SurveyedSlots(survey);
        this.output = output;
    }

    @Override
    public void look(SavedPipe pipe) throws StandpipeException {
        try {
            int source = pipe.readable();
            int place = survey.find(source);
            queuedBytes = told.lengthBytes(pipe, place);
            boolean whole = queuedBytes == 0 || isCloned(source, place);
            look.at(source);
            if (!look.isSameDescription(survey, place)) {
                throw new StandpipeException(pipe + ": the descriptor was closed, or became another one, while it was saved");
            }
            if (whole && look.isSameContent(survey, place)) {
                capacityBytes = told.capacityBytes(place);
                outside = told.outside(pipe, place);
                slots = told.record(pipe, place, queuedBytes);
            } else {
                lookAtChanged(pipe, source);
            }
        } catch (ErrnoException e) {
            throw Failure.of(pipe.toString(), e);
        }
    }

    /** Whether just so many bytes could be cloned; why not is told when it is done once more. */
    private boolean isCloned(int source, int place) {
        try {
            return clone.takeFrom(source, told.capacityBytes(place)) == queuedBytes;
        } catch (StandpipeException e) {
            return false;
        }
    }

    /** A pipe that is in use at the moment. */
    private void lookAtChanged(SavedPipe pipe, int source) throws StandpipeException, ErrnoException {
        outside = pipe.outside();
        clone.empty();
        queuedBytes = clone.take(source, pipe);
        capacityBytes = clone.sourceCapacityBytes();
        slots = queuedBytes == 0 ? null : probe.find(pipe, clone.readEnd(), capacityBytes, queuedBytes);
    }

    @Override
    public int capacityBytes() {
        return capacityBytes;
    }

    @Override
    public int outside() {
        return outside;
    }

    @Override
    public long queuedBytes() {
        return queuedBytes;
    }

    @Override
    public SlotsRecord slots() {
        return slots;
    }

    @Override
    public void move(long lengthBytes) throws IOException {
        output.splice(clone.readEnd(), lengthBytes);
    }

    @Override
    public void close() {
        probe.close();
        clone.close();
    }
}
