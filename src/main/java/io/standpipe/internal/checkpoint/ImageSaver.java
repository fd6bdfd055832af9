// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.checkpoint;

import io.standpipe.CheckpointReport;
import io.standpipe.Durability;
import io.standpipe.Image;
import io.standpipe.ImageStore;
import io.standpipe.Progress;
import io.standpipe.StandpipeException;
import io.standpipe.internal.store.AtomicImageFile;
import io.standpipe.internal.store.ImageChannelOutput;
import io.standpipe.internal.store.ImageOutput;
import io.standpipe.internal.store.ImageStreamOutput;
import io.standpipe.internal.store.MemoryImage;
import io.standpipe.internal.store.ProgressTracker;
import io.standpipe.internal.store.StoredImage;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.Terminal;
import io.standpipe.internal.sys.TimedInterrupt;
import io.standpipe.internal.sys.WaitLimit;
import java.io.Flushable;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Writes what was found of processes to an image, in a file or through a stream.
 *
 * @param origin when and where the processes were; null for now and this machine
 * @param contents opens the contents of the pipes
 * @param notes for the report, besides those of the leaks
 * @param thaw ends the freeze that is in effect, if there is one, and returns how long the processes were frozen
 * @param limit of all waits
 */
record ImageSaver(
        Image.@Nullable Origin origin, List<Image.Process> processes, Supplier<PipeContents> contents, Leaks leaks, List<String> notes,
        Thaw thaw, ProgressTracker tracker, WaitLimit limit) {

    /** Ends a freeze. */
    interface Thaw {
        Duration end() throws StandpipeException;
    }

    private static final Duration FROZEN_PATIENCE = Duration.ofSeconds(5);

    /** Returns the same, which waits only as long as something else is open. */
    ImageSaver whileOpen(BooleanSupplier isOpen) {
        return new ImageSaver(origin, processes, contents, leaks, notes, thaw, tracker, limit.whileOpen(isOpen));
    }

    /** Writes a file, which appears under its name when it is whole and on the medium. */
    CheckpointReport toFile(Path image, Durability durability) throws StandpipeException {
        long start = System.nanoTime();
        try (AtomicImageFile file = AtomicImageFile.create(image, durability)) {
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
     * @param name of the fd in messages
     * @param frozen whether processes are frozen meanwhile, of which one may be the reader: it is not waited for without end
     */
    CheckpointReport toStream(int fd, String name, boolean frozen) throws StandpipeException {
        long start = System.nanoTime();
        if (Terminal.isTerminal(fd)) {
            throw new StandpipeException(name + " is a terminal: send the image to a file, a pipe or a socket");
        }
        try (ImageStreamOutput stream = new ImageStreamOutput(fd, name, limit, frozen ? FROZEN_PATIENCE : WaitLimit.FOREVER)) {
            CheckpointReport report = write(stream, false);
            Duration wasFrozen = thaw.end();
            tracker.decided("the image was sent in order, records by write and payload by splice, or by write where splice is refused");
            return CheckpointWriter.taking(report, wasFrozen, since(start));
        } catch (IOException e) {
            throw failure("image to " + name, e);
        }
    }

    /**
     * Sends an image to a channel below which there is no fd, as {@link #toStream} does. What is behind the channel may wait for as
     * long as it likes: where processes are frozen meanwhile the image is written to memory first.
     *
     * @param behind what is flushed in the end
     */
    CheckpointReport toChannel(WritableByteChannel channel, Flushable behind, String name, boolean frozen) throws StandpipeException {
        long start = System.nanoTime();
        try {
            return TimedInterrupt.within(limit, name, () -> {
                try {
                    if (frozen) {
                        return viaMemory(start, staged -> send(staged, channel, name));
                    }
                    CheckpointReport report = write(channel, name, false);
                    return CheckpointWriter.taking(report, thaw.end(), since(start));
                } finally {
                    behind.flush(); // Also what says why the image is not whole.
                }
            });
        } catch (IOException e) {
            throw failure("image to " + name, e);
        }
    }

    /** Writes an image to a store, where it appears when it is whole. */
    CheckpointReport toStore(ImageStore store, boolean frozen) throws StandpipeException {
        String name = "image " + store;
        try {
            return TimedInterrupt.within(limit, name, () -> store(store, name, frozen));
        } catch (IOException e) {
            throw failure(name, e);
        }
    }

    private CheckpointReport store(ImageStore store, String name, boolean frozen) throws IOException {
        long start = System.nanoTime();
        if (frozen) {
            return viaMemory(start, staged -> commit(store, staged, name));
        }
        CheckpointReport report;
        Duration wasFrozen;
        try (StoredImage image = StoredImage.create(store, name)) {
            report = write(image.channel(), name, true);
            wasFrozen = thaw.end();
            tracker.all(Progress.Phase.SYNC, report.pipes(), report.payloadBytes());
            image.commit();
        }
        return CheckpointWriter.taking(report, wasFrozen, since(start));
    }

    /** Hands an image on. */
    private interface Delivery {
        void deliver(MemoryImage image) throws IOException;
    }

    /** Writes to memory while processes are frozen, and hands the image on once they run again. */
    private CheckpointReport viaMemory(long start, Delivery delivery) throws IOException {
        try (MemoryImage staged = MemoryImage.create()) {
            CheckpointReport report = toStream(staged.descriptor(), "memory", true);
            delivery.deliver(staged);
            return CheckpointWriter.taking(report, report.frozen(), since(start));
        }
    }

    private void send(MemoryImage staged, WritableByteChannel channel, String name) throws IOException {
        try (ImageChannelOutput output = new ImageChannelOutput(channel, name, limit)) {
            staged.sendTo(output);
        }
    }

    private void commit(ImageStore store, MemoryImage staged, String name) throws IOException {
        try (StoredImage image = StoredImage.create(store, name)) {
            send(staged, image.channel(), name);
            image.commit();
        }
    }

    private CheckpointReport write(WritableByteChannel channel, String name, boolean removable) throws IOException {
        try (ImageChannelOutput output = new ImageChannelOutput(channel, name, limit)) {
            return write(output, removable);
        }
    }

    private static StandpipeException failure(String what, IOException e) {
        return Failures.of(what, e);
    }

    private CheckpointReport write(ImageOutput output, boolean removable) throws IOException {
        try (PipeContents pipes = contents.get()) {
            if (tracker.isHeard()) {
                tracker.begin(Progress.Phase.WRITE, pipes.pipes(), pipes.queuedBytes());
            }
            List<String> all = Stream.concat(notes.stream(), leaks.notes().stream()).toList();
            Image.Origin from = origin == null ? CheckpointWriter.here() : origin;
            return new CheckpointWriter(from, processes, pipes, output, tracker).write(leaks.inaccessibleProcesses(), all, removable);
        }
    }

    private static Duration since(long startNanos) {
        return Duration.ofNanos(System.nanoTime() - startNanos);
    }
}
