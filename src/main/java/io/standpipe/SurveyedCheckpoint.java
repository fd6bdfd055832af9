// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import io.standpipe.bridge.ErrnoException;
import io.standpipe.survey.Look;
import io.standpipe.survey.Survey;
import io.standpipe.survey.Surveyor;
import io.standpipe.survey.Surveys;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Saves pipes of this process by surveys instead of a dozen calls for each pipe: one before that tells what there is, and for a file one
 * after that tells whether it was still so. If it was not, or if there is anything out of the ordinary, nothing is left of it, and
 * the pipes are to be asked one by one.
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

    /**
     * Sends an image to a descriptor. Nothing of that can be taken back: so each pipe is looked at before it is sent.
     *
     * @param numbers of this process's descriptors, ascending
     * @return null if it is not to be had this way: then nothing was sent
     */
    static CheckpointReport streamTo(int descriptor, int[] numbers) throws StandpipeException {
        try (Surveyor surveyor = Surveys.open(numbers.length)) {
            return surveyor == null ? null : new SurveyedCheckpoint(numbers, surveyor).streamTo(descriptor);
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
            if (!isCollected(collected, pipeFileSystem, before)) {
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
            giveUp(e);
            return null;
        }
    }

    private CheckpointReport streamTo(int descriptor) throws StandpipeException {
        long start = System.nanoTime();
        long pipeFileSystem = PipeFileSystem.device();
        try (Collector collected = new Collector(pipeFileSystem); Look look = surveyor.look()) {
            Survey survey = look == null ? null : surveyor.take();
            if (survey == null || !isCollected(collected, pipeFileSystem, survey)) {
                return null;
            }
            return ImageSaver.stream(descriptor, stream -> {
                try (StreamedPayloads payloads = new StreamedPayloads(survey, look, stream)) {
                    return CheckpointWriter.stream(collected, stream, payloads)
                            .taking(Duration.ZERO, Duration.ofNanos(System.nanoTime() - start));
                }
            });
        } catch (ErrnoException e) {
            giveUp(e);
            return null;
        }
    }

    private boolean isCollected(Collector collected, long pipeFileSystem, Survey survey) throws StandpipeException {
        return new SurveyReading(survey, collected, pipeFileSystem)
                .collect(ProcessDescriptors.task((int) ProcessHandle.current().pid()), numbers);
    }

    private static void giveUp(IOException reason) {
        System.getLogger(SurveyedCheckpoint.class.getName())
                .log(System.Logger.Level.DEBUG, "pipes are asked one by one, not by a survey", reason);
        Surveys.pause();
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
