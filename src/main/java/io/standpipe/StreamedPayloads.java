// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import io.standpipe.bridge.ErrnoException;
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
    private final PipeFound found = new PipeFound();

    StreamedPayloads(Survey survey, Look look, ImageOutput output) {
        this.survey = survey;
        this.look = look;
        told = new SurveyedSlots(survey);
        this.output = output;
    }

    @Override
    public PipeFound look(SavedPipe pipe) throws StandpipeException {
        try {
            int source = pipe.readable();
            int place = survey.find(source);
            long queued = told.lengthBytes(pipe, place);
            boolean whole = queued == 0 || isCloned(source, place, queued);
            look.at(source);
            if (!look.isSameDescription(survey, place)) {
                throw new StandpipeException(pipe + ": the descriptor was closed, or became another one, while it was saved");
            }
            if (whole && look.isSameContent(survey, place)) {
                return found.of(
                        told.capacityBytes(place), told.outside(pipe, place), queued, told.record(pipe, place, queued));
            }
            return changed(pipe, source);
        } catch (ErrnoException e) {
            throw Failure.of(pipe.toString(), e);
        }
    }

    /** Whether just so many bytes could be cloned; why not is told when it is done once more. */
    private boolean isCloned(int source, int place, long expected) {
        try {
            return clone.takeFrom(source, told.capacityBytes(place)) == expected;
        } catch (StandpipeException e) {
            return false;
        }
    }

    /** A pipe that is in use at the moment. */
    private PipeFound changed(SavedPipe pipe, int source) throws StandpipeException, ErrnoException {
        int outside = pipe.outside();
        clone.empty();
        long queued = clone.take(source, pipe);
        int capacity = clone.sourceCapacityBytes();
        return found.of(capacity, outside, queued, probe.find(pipe, clone.readEnd(), capacity, queued));
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
