// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.checkpoint;

import io.standpipe.CheckpointReport;
import io.standpipe.Image;
import io.standpipe.Progress;
import io.standpipe.StandpipeException;
import io.standpipe.internal.store.AtomicImageFile;
import io.standpipe.internal.store.ImageOutput;
import io.standpipe.internal.store.ImageStreamOutput;
import io.standpipe.internal.store.ProgressTracker;
import io.standpipe.internal.sys.Terminal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Writes what was found of processes to an image, in a file or through a stream.
 *
 * @param contents opens the contents of the pipes
 * @param thaw ends the freeze that is in effect, if there is one
 */
record ImageSaver(
        List<Image.Process> processes, ContentsOpener contents, int inaccessibleProcesses, Thaw thaw, ProgressTracker tracker) {

    /** Opens the contents of the pipes. */
    interface ContentsOpener {
        PipeContents open();
    }

    /** Ends a freeze. */
    interface Thaw {

        /** Thaws the processes; returns how long they were frozen. */
        Duration thaw();
    }

    /** Writes a file, which appears under its name when it is whole and on the medium. */
    CheckpointReport toFile(Path image) throws StandpipeException {
        long start = System.nanoTime();
        try (AtomicImageFile file = AtomicImageFile.create(image)) {
            CheckpointReport report = write(file.body(), true);
            Duration frozen = thaw.thaw();
            tracker.all(Progress.Phase.SYNC, report.pipes(), report.payloadBytes());
            file.commit();
            return report.taking(frozen, since(start));
        } catch (StandpipeException e) {
            throw e;
        } catch (IOException e) {
            throw new StandpipeException("image " + image + ": " + e.getMessage(), e);
        }
    }

    /** Sends an image to an fd, in order; an image that cannot be finished ends with ERROR and the reason. */
    CheckpointReport toStream(int fd) throws StandpipeException {
        long start = System.nanoTime();
        if (Terminal.isTerminal(fd)) {
            throw new StandpipeException(
                    "descriptor " + fd + ": a terminal; send the image to a file, a pipe or a socket");
        }
        try (ImageStreamOutput stream = new ImageStreamOutput(fd)) {
            CheckpointReport report = write(stream, false);
            return report.taking(thaw.thaw(), since(start));
        } catch (StandpipeException e) {
            throw e;
        } catch (IOException e) {
            throw new StandpipeException("image to descriptor " + fd + ": " + e.getMessage(), e);
        }
    }

    private CheckpointReport write(ImageOutput output, boolean removable) throws IOException {
        try (PipeContents pipes = contents.open()) {
            if (tracker.isHeard()) {
                tracker.begin(Progress.Phase.WRITE, pipes.pipes(), pipes.queuedBytes());
            }
            CheckpointWriter writer = new CheckpointWriter(processes, pipes, output, tracker);
            return removable ? writer.write(inaccessibleProcesses) : writer.stream(inaccessibleProcesses);
        }
    }

    private static Duration since(long startNanos) {
        return Duration.ofNanos(System.nanoTime() - startNanos);
    }
}
