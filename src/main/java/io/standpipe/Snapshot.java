// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

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

    private final Collector collected;
    private final Duration frozen;
    private SnapshotContents contents;

    Snapshot(Collector collected, Duration frozen) {
        this.collected = collected;
        this.frozen = frozen;
    }

    /** Writes an image, as {@link Checkpoint#writeTo} does. */
    public CheckpointReport writeTo(Path image) throws StandpipeException {
        return ImageSaver.save(image, collected, () -> frozen, Reporter.NONE);
    }

    /** Sends an image to a descriptor, as {@link Checkpoint#streamTo} does. */
    public CheckpointReport streamTo(int descriptor) throws StandpipeException {
        return ImageSaver.stream(descriptor, collected, () -> frozen, Reporter.NONE);
    }

    /** How long the processes stood still for it; zero if they did not. */
    public Duration frozen() {
        return frozen;
    }

    /** How many pipes it holds. */
    public int pipes() {
        return collected.pipes().size();
    }

    Collector collected() {
        return collected;
    }

    RestoreSource open() throws StandpipeException {
        return new SnapshotInput(contents());
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
