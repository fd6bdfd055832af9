// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import io.standpipe.internal.checkpoint.DescriptorCollector;
import io.standpipe.internal.checkpoint.ImageSaver;
import io.standpipe.internal.checkpoint.SnapshotContents;
import io.standpipe.internal.checkpoint.SnapshotSource;
import io.standpipe.internal.store.PayloadSource;
import io.standpipe.internal.store.ProgressTracker;


import java.nio.file.Path;
import java.time.Duration;

/**
 * Pipes as they were at one instant, held in kernel memory: no byte of them was copied. It can be written to several places
 * and restored from, as often as wanted, until it is closed; the pipes it was taken of go on meanwhile.
 *
 * <pre>{@code
 * try (Snapshot snapshot = Checkpoint.ofTree(4711).snapshot()) {
 *     snapshot.writeTo(Path.of("app.ckpt"));
 *     RestoredPipes twin = Restore.from(snapshot).open();
 * }
 * }</pre>
 *
 * Holds a descriptor for each pipe that is not empty. Safe for use by several threads, but for {@link #close()}, after which
 * nothing may be asked of it.
 */
public final class Snapshot implements AutoCloseable {

    private final DescriptorCollector collected;
    private final Duration frozen;
    private SnapshotContents contents;

    public Snapshot(DescriptorCollector collected, Duration frozen) {
        this.collected = collected;
        this.frozen = frozen;
    }

    /** Writes an image, as {@link Checkpoint#writeTo} does. */
    public CheckpointReport writeTo(Path image) throws StandpipeException {
        return ImageSaver.save(image, collected, () -> frozen, ProgressTracker.NONE);
    }

    /** Sends an image to a descriptor, as {@link Checkpoint#streamTo} does. */
    public CheckpointReport streamTo(int descriptor) throws StandpipeException {
        return ImageSaver.stream(descriptor, collected, () -> frozen, ProgressTracker.NONE);
    }

    /** How long the processes stood still for it; zero if they did not. */
    public Duration frozen() {
        return frozen;
    }

    /** How many pipes it holds. */
    public int pipes() {
        return collected.pipes().size();
    }

    DescriptorCollector collected() {
        return collected;
    }

    PayloadSource open() throws StandpipeException {
        return new SnapshotSource(contents());
    }

    private synchronized SnapshotContents contents() throws StandpipeException {
        if (contents == null) {
            contents = new SnapshotContents(collected);
        }
        return contents;
    }

    @Override
    public void close() {
        collected.close();
    }
}
