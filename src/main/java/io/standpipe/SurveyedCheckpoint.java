// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import io.standpipe.survey.Survey;
import io.standpipe.survey.Surveyor;
import io.standpipe.survey.Surveys;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Saves pipes of this process by two surveys instead of a dozen calls for each pipe: one before that tells what there is, and one after
 * that tells whether it was still so. If it was not, or if there is anything out of the ordinary, nothing is left of it, and the pipes
 * are to be asked one by one.
 */
final class SurveyedCheckpoint {

    private final int[] numbers;
    private final Surveyor surveyor;

    private SurveyedCheckpoint(int[] numbers, Surveyor surveyor) {
        this.numbers = numbers;
        this.surveyor = surveyor;
    }

    /**
     * Writes an image.
     *
     * @param numbers of this process's descriptors, ascending
     * @return null if it is not to be had this way
     */
    static CheckpointReport writeTo(Path image, int[] numbers) throws StandpipeException {
        try (Surveyor surveyor = Surveys.open(numbers.length)) {
            return surveyor == null ? null : new SurveyedCheckpoint(numbers, surveyor).writeTo(image);
        }
    }

    private CheckpointReport writeTo(Path image) throws StandpipeException {
        long start = System.nanoTime();
        long pipeFileSystem = PipeFileSystem.device();
        try (Collector collected = new Collector(pipeFileSystem); ImageFile file = ImageFile.create(image)) {
            CheckpointReport report = write(collected, pipeFileSystem, file);
            if (report == null) {
                return null;
            }
            file.commit();
            return report.taking(Duration.ZERO, Duration.ofNanos(System.nanoTime() - start));
        }
    }

    /** Whatever goes wrong here goes wrong, or not, once more when the pipes are asked one by one, and is told of then. */
    private CheckpointReport write(Collector collected, long pipeFileSystem, ImageFile file) {
        try (PipeClone clone = new PipeClone()) {
            Survey before = surveyor.take();
            SurveyReading reading = new SurveyReading(before, collected, pipeFileSystem);
            if (!reading.collect(ProcessDescriptors.task((int) ProcessHandle.current().pid()), numbers)) {
                return null;
            }
            CheckpointReport report = CheckpointWriter.write(
                    collected, file.body(), new SurveyedPayloads(before, clone, file.body()));
            if (!isSame(before, surveyor.take())) {
                Surveys.pause();
                return null;
            }
            return report;
        } catch (IOException e) {
            System.getLogger(SurveyedCheckpoint.class.getName())
                    .log(System.Logger.Level.DEBUG, "pipes are asked one by one, not by a survey", e);
            Surveys.pause();
            return null;
        }
    }

    private boolean isSame(Survey before, Survey after) {
        for (int number : numbers) {
            int place = after.find(number);
            if (place < 0 || !before.isSame(before.find(number), after, place)) {
                return false;
            }
        }
        return true;
    }
}
