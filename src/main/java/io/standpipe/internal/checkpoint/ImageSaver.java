// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.checkpoint;

import io.standpipe.CheckpointReport;
import io.standpipe.Image;
import io.standpipe.Progress;
import io.standpipe.StandpipeException;
import io.standpipe.internal.pipes.FdSink;
import io.standpipe.internal.store.AtomicImageFile;
import io.standpipe.internal.store.ImageOutput;
import io.standpipe.internal.store.ImageStreamOutput;
import io.standpipe.internal.store.ProgressTracker;
import io.standpipe.internal.sys.Reasons;
import io.standpipe.internal.sys.Terminal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Writes what was found of processes to an image, in a file or through a stream.
 *
 * @param contents opens the contents of the pipes
 * @param notes for the report, besides those of the leaks
 * @param thaw ends the freeze that is in effect, if there is one, and returns how long the processes were frozen
 */
record ImageSaver(
        List<Image.Process> processes, Supplier<PipeContents> contents, Leaks leaks, List<String> notes,
        Thaw thaw, ProgressTracker tracker) {

    /** Ends a freeze. */
    interface Thaw {
        Duration end() throws StandpipeException;
    }

    /** Where an image is written to. */
    interface Destination {
        CheckpointReport take(ImageSaver saver) throws StandpipeException;
    }

    private static final Duration FROZEN_PATIENCE = Duration.ofSeconds(5);

    /** Writes a file, which appears under its name when it is whole and on the medium. */
    CheckpointReport toFile(Path image) throws StandpipeException {
        long start = System.nanoTime();
        try (AtomicImageFile file = AtomicImageFile.create(image)) {
            CheckpointReport report = write(file.body(), true);
            Duration frozen = thaw.end();
            if (tracker.isExplained()) {
                tracker.decided(file.describe());
            }
            tracker.all(Progress.Phase.SYNC, report.pipes(), report.payloadBytes());
            file.commit();
            return CheckpointWriter.taking(report, frozen, since(start));
        } catch (IOException e) {
            throw failure("image " + image, e);
        }
    }

    /**
     * Sends an image to an fd, in order; an image that cannot be finished ends with ERROR and the reason.
     *
     * @param frozen whether processes are frozen meanwhile, of which one may be the reader: it is not waited for without end
     */
    CheckpointReport toStream(int fd, boolean frozen) throws StandpipeException {
        long start = System.nanoTime();
        if (Terminal.isTerminal(fd)) {
            throw new StandpipeException((fd == 1 ? "standard output" : "descriptor " + fd) + " is a terminal: send the image to a file, a pipe or a socket");
        }
        try (ImageStreamOutput stream = new ImageStreamOutput(fd, frozen ? FROZEN_PATIENCE : FdSink.FOREVER)) {
            CheckpointReport report = write(stream, false);
            Duration wasFrozen = thaw.end();
            tracker.decided("the image was sent in order, records by write and payload by splice, or by write where splice is refused");
            return CheckpointWriter.taking(report, wasFrozen, since(start));
        } catch (IOException e) {
            throw failure("image to descriptor " + fd, e);
        }
    }

    private static StandpipeException failure(String what, IOException e) {
        return e instanceof StandpipeException known ? known : new StandpipeException(what + ": " + Reasons.of(e), e);
    }

    private CheckpointReport write(ImageOutput output, boolean removable) throws IOException {
        try (PipeContents pipes = contents.get()) {
            if (tracker.isHeard()) {
                tracker.begin(Progress.Phase.WRITE, pipes.pipes(), pipes.queuedBytes());
            }
            List<String> all = Stream.concat(notes.stream(), leaks.notes().stream()).toList();
            return new CheckpointWriter(processes, pipes, output, tracker).write(leaks.inaccessibleProcesses(), all, removable);
        }
    }

    private static Duration since(long startNanos) {
        return Duration.ofNanos(System.nanoTime() - startNanos);
    }
}
