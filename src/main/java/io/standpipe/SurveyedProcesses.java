// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import io.standpipe.bridge.ErrnoException;
import io.standpipe.bridge.Fd;
import io.standpipe.bridge.Flags;
import io.standpipe.bridge.Stat;
import io.standpipe.survey.Survey;
import io.standpipe.survey.Surveyor;
import io.standpipe.survey.Surveys;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the pipes of other processes by a survey of each, where every descriptor would be copied and asked otherwise: only one is
 * copied for each pipe, and one that can be read. Another survey tells whether the processes still have what was found.
 */
final class SurveyedProcesses implements AutoCloseable {

    private final Collector collected;
    private final List<Surveyed> all = new ArrayList<>();
    private final Stat stat = new Stat();
    private long pipeFileSystem;

    /** @param selected ascending, or null for all */
    private record Surveyed(Surveyor surveyor, Survey survey, int[] selected) {

        boolean isAsItWas() throws IOException {
            Survey now = surveyor.take();
            if (selected == null && now.descriptors() != survey.descriptors()) {
                return false;
            }
            for (int i = 0; i < count(); i++) {
                int place = now.find(number(i));
                if (place < 0 || !survey.isSameEnd(survey.find(number(i)), now, place)) {
                    return false;
                }
            }
            return true;
        }

        int count() {
            return selected == null ? survey.descriptors() : selected.length;
        }

        int number(int index) {
            return selected == null ? survey.number(index) : selected[index];
        }
    }

    private SurveyedProcesses(Collector collected) {
        this.collected = collected;
    }

    /**
     * Collects what processes have.
     *
     * @param into empty, and to be closed if there is nothing to be had this way
     * @return null if there is anything out of the ordinary: then each descriptor is to be asked
     */
    static SurveyedProcesses collect(Sources sources, Collector into) {
        SurveyedProcesses found = new SurveyedProcesses(into);
        boolean complete = false;
        try {
            complete = found.collect(sources.all());
        } catch (IOException e) {
            giveUp(e);
        } finally {
            if (!complete) {
                found.close();
            }
        }
        return complete ? found : null;
    }

    /** Whatever goes wrong here goes wrong, or not, once more when each descriptor is asked, and is told of then. */
    private static void giveUp(IOException reason) {
        System.getLogger(SurveyedProcesses.class.getName())
                .log(System.Logger.Level.DEBUG, "descriptors are asked one by one, not by a survey", reason);
        Surveys.pause();
    }

    private boolean collect(List<DescriptorSource> sources) throws IOException {
        for (DescriptorSource source : sources) {
            if (!collect(source)) {
                return false;
            }
        }
        return !collected.pipes().isEmpty();
    }

    private boolean collect(DescriptorSource source) throws IOException {
        Surveyor surveyor = source.surveyor();
        if (surveyor == null) {
            return false;
        }
        Surveyed surveyed = surveyed(surveyor, source);
        pipeFileSystem = PipeFileSystem.device();
        SavedTable table = collected.newTable(source.task());
        for (int i = 0; table != null && i < surveyed.count(); i++) {
            int number = surveyed.number(i);
            int place = surveyed.survey().find(number);
            if (place < 0 || !SurveyReading.isOrdinary(surveyed.survey(), place) || !add(number, place, surveyed.survey(), source, table)) {
                return false;
            }
        }
        return true;
    }

    private Surveyed surveyed(Surveyor surveyor, DescriptorSource source) throws IOException {
        boolean complete = false;
        try {
            Surveyed surveyed = new Surveyed(surveyor, surveyor.take(), source.isSelected() ? source.numbers() : null);
            all.add(surveyed);
            complete = true;
            return surveyed;
        } finally {
            if (!complete) {
                surveyor.close();
            }
        }
    }

    /** Returns whether what has the number is the pipe that the survey tells of. */
    private boolean add(int number, int place, Survey survey, DescriptorSource source, SavedTable table) throws IOException {
        SavedPipe pipe = collected.pipe(
                number, pipeFileSystem, survey.ino(place), survey.uid(place), survey.gid(place), survey.mode(place));
        boolean wanting = pipe.descriptions().isEmpty();
        boolean unreadable = !pipe.has(Flags.O_RDONLY);
        SavedDescription description =
                collected.description(SurveyReading.identity(survey, place), survey.statusFlags(place), pipe, -1);
        table.add(number, survey.isCloseOnExec(place), description);
        wanting |= unreadable && description.accessMode() != Flags.O_WRONLY;
        return !wanting || isCopied(description, pipe, source.copy(number));
    }

    private boolean isCopied(SavedDescription description, SavedPipe pipe, Fd copy) throws ErrnoException {
        description.setCopy(copy);
        stat.read(copy.number());
        return stat.ino() == pipe.ino() && stat.dev() == pipeFileSystem;
    }

    /** Whether the processes have the descriptors that were collected, and no other pipes. */
    boolean isAsItWas() {
        try {
            for (Surveyed surveyed : all) {
                if (!surveyed.isAsItWas()) {
                    return false;
                }
            }
            return true;
        } catch (IOException e) {
            giveUp(e);
            return false;
        }
    }

    @Override
    public void close() {
        all.forEach(surveyed -> surveyed.surveyor().close());
        all.clear();
    }
}
