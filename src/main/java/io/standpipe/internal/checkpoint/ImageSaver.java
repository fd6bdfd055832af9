// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.checkpoint;

import io.standpipe.CheckpointReport;
import io.standpipe.Progress;
import io.standpipe.StandpipeException;
import io.standpipe.internal.pipes.SlotProbe;
import io.standpipe.internal.pipes.TeePipe;
import io.standpipe.internal.store.AtomicImageFile;
import io.standpipe.internal.store.ImageStreamOutput;
import io.standpipe.internal.store.ProgressTracker;
import io.standpipe.internal.sys.Terminal;
import io.standpipe.pipe.ErrnoException;



import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** Writes what was collected to an image. Who listens how far it is costs a look at the pipes first: how much there is. */
public final class ImageSaver {

    /** Whoever holds the pipes' users still. */
    public interface Standstill {

        /** Ends it; returns how long it was. */
        Duration end();
    }

    private ImageSaver() {}

    public static CheckpointReport save(Path image, DescriptorCollector collected, Standstill standstill, ProgressTracker reporter)
            throws StandpipeException {
        long start = System.nanoTime();
        try (TeePipe clone = new TeePipe();
                SlotProbe probe = new SlotProbe();
                ReleasedEnds released = new ReleasedEnds();
                AtomicImageFile file = AtomicImageFile.create(image)) {
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
    public static CheckpointReport stream(int fd, DescriptorCollector collected, Standstill standstill, ProgressTracker reporter)
            throws StandpipeException {
        long start = System.nanoTime();
        return stream(fd, stream -> {
            try (TeePipe clone = new TeePipe();
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
        CheckpointReport to(ImageStreamOutput stream) throws IOException;
    }

    /** Lets something be sent to a descriptor that is none a person looks at. */
    public static CheckpointReport stream(int fd, Sending sending) throws StandpipeException {
        if (Terminal.isBehind(fd)) {
            throw new StandpipeException(
                    "descriptor " + fd + ": a terminal; send the image to a file, a pipe or a socket");
        }
        try (ImageStreamOutput stream = new ImageStreamOutput(fd)) {
            return sending.to(stream);
        } catch (StandpipeException e) {
            throw e;
        } catch (IOException e) {
            throw new StandpipeException("image to descriptor " + fd + ": " + e.getMessage(), e);
        }
    }

    private static void begin(DescriptorCollector collected, ProgressTracker reporter) throws ErrnoException {
        if (reporter.isHeard()) {
            long payloadBytes = 0;
            for (SavedPipe pipe : collected.pipes()) {
                payloadBytes += pipe.queuedBytes();
            }
            reporter.begin(Progress.Phase.WRITE, collected.pipes().size(), payloadBytes);
        }
    }
}
