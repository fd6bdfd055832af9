// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import io.standpipe.image.SlotsRecord;
import io.standpipe.survey.Survey;
import io.standpipe.survey.Surveyor;
import io.standpipe.survey.Surveys;
import java.io.IOException;
import java.util.List;

/** What a survey tells of the clones that a snapshot holds: nobody else has them, so it stays true. */
final class SurveyedClones implements AutoCloseable {

    /** A clone's bytes are read to find out how they lie; a survey is spared as much as asking for two descriptors would take. */
    private static final int EACH = 2;

    private final Surveyor surveyor;
    private final Survey survey;
    private final SurveyedSlots slots;

    private SurveyedClones(Surveyor surveyor, Survey survey) {
        this.surveyor = surveyor;
        this.survey = survey;
        slots = new SurveyedSlots(survey);
    }

    /** Null if there is no survey to be had, or the clones are not worth one. */
    static SurveyedClones of(List<SavedPipe> pipes) {
        int clones = 0;
        for (SavedPipe pipe : pipes) {
            clones += pipe.held() != null && pipe.held().fd() != null ? 1 : 0;
        }
        Surveyor surveyor = clones == 0 ? null : Surveys.open(EACH * clones);
        SurveyedClones surveyed = null;
        try {
            surveyed = surveyor == null ? null : new SurveyedClones(surveyor, surveyor.take());
        } catch (IOException e) {
            System.getLogger(SurveyedClones.class.getName())
                    .log(System.Logger.Level.DEBUG, "clones are read, not surveyed", e);
            Surveys.pause();
        } finally {
            if (surveyor != null && surveyed == null) {
                surveyor.close();
            }
        }
        return surveyed;
    }

    /** Where the survey tells of a clone; less than 0 if it does not tell of its slots. */
    int find(HeldClone clone) {
        int place = survey.find(clone.fd().number());
        return place >= 0 && survey.slots(place) >= 0 ? place : -1;
    }

    /** Whether its bytes are in whole pages and a rest, and none is a packet. */
    boolean isDense(int place) {
        return slots.isDense(place);
    }

    /** Slots of one length and kind that follow one another, from the first on. */
    List<SlotsRecord.Run> runs(int place) {
        return slots.runs(place);
    }

    @Override
    public void close() {
        surveyor.close();
    }
}
