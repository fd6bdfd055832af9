// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import io.standpipe.image.ImageRecord;
import io.standpipe.image.ImageSink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Writes what was collected to an image file: twice, to nowhere first, to learn how much room to reserve. */
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
                ImageFile file = ImageFile.create(image)) {
            List<ImageRecord> heading = CheckpointWriter.heading();
            CheckpointReport estimate = estimate(heading, collected);
            file.reserve(estimate.imageBytes());
            reporter.begin(Progress.Phase.WRITE, estimate.pipes(), estimate.payloadBytes());
            CheckpointReport report = CheckpointWriter.write(
                    heading, collected, file, CheckpointWriter.spliced(clone, probe, file, reporter));
            Duration frozen = standstill.end();
            reporter.all(Progress.Phase.SYNC, report.pipes(), report.payloadBytes());
            file.commit(report.imageBytes());
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
        if (Terminal.isBehind(fd)) {
            throw new StandpipeException(
                    "descriptor " + fd + ": a terminal; send the image to a file, a pipe or a socket");
        }
        try (PipeClone clone = new PipeClone();
                SlotProbe probe = new SlotProbe();
                ImageStream stream = new ImageStream(fd)) {
            if (reporter.isHeard()) {
                CheckpointReport estimate = estimate(List.of(), collected);
                reporter.begin(Progress.Phase.WRITE, estimate.pipes(), estimate.payloadBytes());
            }
            CheckpointReport report = CheckpointWriter.stream(
                    collected, stream, CheckpointWriter.spliced(clone, probe, stream, reporter));
            return report.taking(standstill.end(), Duration.ofNanos(System.nanoTime() - start));
        } catch (StandpipeException e) {
            throw e;
        } catch (IOException e) {
            throw new StandpipeException("image to descriptor " + fd + ": " + e.getMessage(), e);
        }
    }

    private static CheckpointReport estimate(List<ImageRecord> heading, Collector collected) throws IOException {
        return CheckpointWriter.write(heading, collected, nowhere(), CheckpointWriter.estimated());
    }

    private static ImageSink nowhere() {
        return new ImageSink() {
            @Override
            public ByteBuffer allocate(int sizeBytes) {
                return ByteBuffer.allocate(sizeBytes);
            }

            @Override
            public void write(long offsetBytes, ByteBuffer bytes) {}
        };
    }
}
