// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import io.standpipe.internal.sys.Terminal;
import io.standpipe.pipe.ErrnoException;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** Writes what was collected to an image. Who listens how far it is costs a look at the pipes first: how much there is. */
final class ImageSaver {

    /** Whoever holds the pipes' users still. */
    interface Standstill {

        /** Ends it; returns how long it was. */
        Duration end();
    }

    private ImageSaver() {}

    static CheckpointReport save(Path image, Collector collected, Standstill standstill, Reporter reporter)
            throws StandpipeException {
        long start = System.nanoTime();
        try (PipeClone clone = new PipeClone();
                SlotProbe probe = new SlotProbe();
                ReleasedEnds released = new ReleasedEnds();
                ImageFile file = ImageFile.create(image)) {
            begin(collected, reporter);
            CheckpointReport report = CheckpointWriter.write(
                    collected, file.body(), new ClonedPayloads(clone, probe, released, file.body(), reporter));
            released.closeNow();
            Duration frozen = standstill.end();
            reporter.all(Progress.Phase.SYNC, report.pipes(), report.payloadBytes());
            file.commit();
            return report.taking(frozen, Duration.ofNanos(System.nanoTime() - start));
        } catch (StandpipeException e) {
            throw e;
        } catch (IOException e) {
            throw new StandpipeException("image " + image + ": " + e.getMessage(), e);
        }
    }

    /** Sends an image to a descriptor, in order. */
    static CheckpointReport stream(int fd, Collector collected, Standstill standstill, Reporter reporter)
            throws StandpipeException {
        long start = System.nanoTime();
        return stream(fd, stream -> {
            try (PipeClone clone = new PipeClone();
                    SlotProbe probe = new SlotProbe();
                    ReleasedEnds released = new ReleasedEnds()) {
                begin(collected, reporter);
                CheckpointReport report = CheckpointWriter.stream(
                        collected, stream, new ClonedPayloads(clone, probe, released, stream, reporter));
                released.closeNow();
                return report.taking(standstill.end(), Duration.ofNanos(System.nanoTime() - start));
            }
        });
    }

    /** What is sent. */
    interface Sending {
        CheckpointReport to(ImageStream stream) throws IOException;
    }

    /** Lets something be sent to a descriptor that is none a person looks at. */
    static CheckpointReport stream(int fd, Sending sending) throws StandpipeException {
        if (Terminal.isBehind(fd)) {
            throw new StandpipeException(
                    "descriptor " + fd + ": a terminal; send the image to a file, a pipe or a socket");
        }
        try (ImageStream stream = new ImageStream(fd)) {
            return sending.to(stream);
        } catch (StandpipeException e) {
            throw e;
        } catch (IOException e) {
            throw new StandpipeException("image to descriptor " + fd + ": " + e.getMessage(), e);
        }
    }

    private static void begin(Collector collected, Reporter reporter) throws ErrnoException {
        if (reporter.isHeard()) {
            long payloadBytes = 0;
            for (SavedPipe pipe : collected.pipes()) {
                payloadBytes += pipe.queuedBytes();
            }
            reporter.begin(Progress.Phase.WRITE, collected.pipes().size(), payloadBytes);
        }
    }
}
