// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import io.standpipe.bridge.Flags;
import io.standpipe.survey.Survey;
import java.io.IOException;

/**
 * Settles who is who by a survey, where each descriptor would be asked for it otherwise. What is out of the ordinary is left to that:
 * FIFOs, descriptions that send signals, pipes whose write ends alone are at hand, or whose slots the survey does not tell.
 */
final class SurveyReading {

    /** How many low bits are the same of all descriptions' numbers, which are far apart: the hash likes them close together. */
    private static final int SAME_BITS = 6;

    private final Survey survey;
    private final Collector collected;
    private final long pipeFileSystem;

    /** @param pipeFileSystem st_dev of anonymous pipes */
    SurveyReading(Survey survey, Collector collected, long pipeFileSystem) {
        this.survey = survey;
        this.collected = collected;
        this.pipeFileSystem = pipeFileSystem;
    }

    /**
     * Collects descriptors of this process.
     *
     * @return false if there is anything out of the ordinary
     */
    boolean collect(OwnSource source) throws IOException {
        SavedTable table = collected.table(source.task());
        for (int number : source.numbers()) {
            int here = source.here(number);
            int place = survey.find(here);
            if (place < 0 || !isOrdinary(place)) {
                return false;
            }
            boolean closeOnExec = here == number ? survey.isCloseOnExec(place) : source.isCloseOnExec(number);
            table.add(number, closeOnExec, description(number, here, place));
        }
        for (SavedPipe pipe : collected.pipes()) {
            if (!pipe.has(Flags.O_RDONLY)) {
                return false;
            }
        }
        return true;
    }

    private boolean isOrdinary(int place) {
        return isOrdinary(survey, place);
    }

    /** Whether a descriptor is one of which a survey tells all that there is to be saved. */
    static boolean isOrdinary(Survey survey, int place) {
        int flags = survey.statusFlags(place);
        return survey.isAnonymous(place)
                && !survey.hasOwner(place)
                && !survey.isNotificationPipe(place)
                && (flags & (Flags.O_PATH | Flags.O_ASYNC)) == 0
                && ((flags & Flags.O_ACCMODE) == Flags.O_WRONLY || survey.slots(place) >= 0);
    }

    private SavedDescription description(int number, int here, int place) {
        SavedPipe pipe = collected.pipe(
                number, pipeFileSystem, survey.ino(place), survey.uid(place), survey.gid(place), survey.mode(place));
        return collected.description(identity(survey, place), survey.statusFlags(place), pipe, here);
    }

    /** By what a description is told from all others. */
    static long identity(Survey survey, int place) {
        return Long.rotateRight(survey.description(place), SAME_BITS);
    }
}
