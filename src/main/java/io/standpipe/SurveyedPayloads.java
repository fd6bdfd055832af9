// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import io.standpipe.bridge.ErrnoException;
import io.standpipe.survey.Survey;
import java.io.IOException;

/**
 * What a survey tells of the pipes' contents, which are cloned to an image file in turn. Whether each pipe still had then what the
 * survey told is to be found out by another one.
 */
final class SurveyedPayloads implements CheckpointWriter.Payloads {

    private final Survey survey;
    private final SurveyedSlots told;
    private final PipeClone clone;
    private final ImageBody body;
    private final PipeFound found = new PipeFound();
    private SavedPipe pipe;
    private int source;
    private int place;

    SurveyedPayloads(Survey survey, PipeClone clone, ImageBody body) {
        this.survey = survey;
        told = new SurveyedSlots(survey);
        this.clone = clone;
        this.body = body;
    }

    @Override
    public PipeFound look(SavedPipe next) throws StandpipeException {
        pipe = next;
        try {
            source = pipe.readable();
        } catch (ErrnoException e) {
            throw Failure.of(pipe.toString(), e);
        }
        place = survey.find(source);
        long queued = told.lengthBytes(pipe, place);
        return found.of(
                told.capacityBytes(place), told.outside(pipe, place), queued, told.record(pipe, place, queued));
    }

    @Override
    public void move(long payloadBytes) throws IOException {
        if (!body.tee(source, survey.slots(place), payloadBytes)) {
            long cloned = clone.takeFrom(source, told.capacityBytes(place));
            if (cloned != payloadBytes) {
                throw new StandpipeException(pipe + ": cloned " + cloned + " bytes, expected " + payloadBytes);
            }
            body.splice(clone.readEnd(), payloadBytes);
        }
    }
}
