// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import io.standpipe.survey.Look;
import io.standpipe.survey.Survey;
import io.standpipe.survey.Surveyor;
import io.standpipe.survey.Surveys;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Saves pipes of this process by surveys instead of a dozen calls for each pipe: one before that tells what there is, and for a file one
 * after that tells whether it was still so. If it was not, or if there is anything out of the ordinary, nothing is left of it, and
 * the pipes are to be asked one by one.
 */
final class SurveyedCheckpoint {

    private final OwnSource source;
    private final Surveyor surveyor;
    private final Consumer<Collector> told;

    private SurveyedCheckpoint(OwnSource source, Surveyor surveyor, Consumer<Collector> told) {
        this.source = source;
        this.surveyor = surveyor;
        this.told = told;
    }

    /**
     * Writes an image.
     *
     * @param targets this process's own
     * @param told gets what was found, once the image is there
     * @return null if it is not to be had this way
     */
    static CheckpointReport writeTo(Path image, Targets targets, Consumer<Collector> told) throws StandpipeException {
        return take(targets, told, checkpoint -> checkpoint.writeTo(image));
    }

    /**
     * Sends an image to a descriptor. Nothing of that can be taken back: so each pipe is looked at before it is sent.
     *
     * @param targets this process's own
     * @param told gets what was found, once the image is there
     * @return null if it is not to be had this way: then nothing was sent
     */
    static CheckpointReport streamTo(int descriptor, Targets targets, Consumer<Collector> told)
            throws StandpipeException {
        return take(targets, told, checkpoint -> checkpoint.streamTo(descriptor));
    }

    private interface Taking {
        CheckpointReport of(SurveyedCheckpoint checkpoint) throws StandpipeException;
    }

    private static CheckpointReport take(Targets targets, Consumer<Collector> told, Taking taking)
            throws StandpipeException {
        try (Surveyor surveyor = Surveys.open(targets.most())) {
            if (surveyor == null) {
                return null;
            }
            try (OwnSource source = targets.openOwn()) {
                return taking.of(new SurveyedCheckpoint(source, surveyor, told));
            }
        }
    }

    private CheckpointReport writeTo(Path image) throws StandpipeException {
        long start = System.nanoTime();
        long pipeFileSystem = PipeFileSystem.device();
        try (SpareCollector spare = SpareCollector.take(); ImageFile file = ImageFile.create(image)) {
            Collector collected = spare.collector();
            CheckpointReport report = write(collected, pipeFileSystem, file);
            if (report == null) {
                return null;
            }
            file.commit();
            told.accept(collected);
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
        try (SpareCollector spare = SpareCollector.take(); Look look = surveyor.look()) {
            Collector collected = spare.collector();
            Survey survey = look == null ? null : surveyor.take();
            if (survey == null || !isCollected(collected, pipeFileSystem, survey)) {
                return null;
            }
            CheckpointReport report = ImageSaver.stream(descriptor, stream -> {
                try (StreamedPayloads payloads = new StreamedPayloads(survey, look, stream)) {
                    return CheckpointWriter.stream(collected, stream, payloads);
                }
            });
            told.accept(collected);
            return report.taking(Duration.ZERO, Duration.ofNanos(System.nanoTime() - start));
        } catch (StandpipeException e) {
            throw e;
        } catch (IOException e) {
            giveUp(e);
            return null;
        }
    }

    private boolean isCollected(Collector collected, long pipeFileSystem, Survey survey) throws IOException {
        return new SurveyReading(survey, collected, pipeFileSystem).collect(source);
    }

    private static void giveUp(IOException reason) {
        System.getLogger(SurveyedCheckpoint.class.getName())
                .log(System.Logger.Level.DEBUG, "pipes are asked one by one, not by a survey", reason);
        Surveys.pause();
    }

    private boolean isSame(Survey before, Survey after) throws StandpipeException {
        for (int number : source.numbers()) {
            int here = source.here(number);
            int place = after.find(here);
            if (place < 0 || !before.isSame(before.find(here), after, place)) {
                return false;
            }
        }
        return true;
    }
}
