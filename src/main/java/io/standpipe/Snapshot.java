// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import io.standpipe.internal.checkpoint.CapturedPipes;
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

    private final CapturedPipes pipes;

    Snapshot(CapturedPipes pipes) {
        this.pipes = pipes;
    }

    /** Writes an image, as {@link Checkpoint#writeTo} does. */
    public CheckpointReport writeTo(Path image) throws StandpipeException {
        return pipes.writeTo(image, ProgressTracker.NONE);
    }

    /** Sends an image to an fd, as {@link Checkpoint#streamTo} does. */
    public CheckpointReport streamTo(int descriptor) throws StandpipeException {
        return pipes.streamTo(descriptor, ProgressTracker.NONE);
    }

    /** Returns how long the processes were frozen for it; zero if they were not. */
    public Duration frozen() {
        return pipes.frozen();
    }

    /** Returns how many pipes it holds. */
    public int pipes() {
        return pipes.count();
    }

    PayloadSource open() throws StandpipeException {
        return pipes.open();
    }

    @Override
    public void close() {
        pipes.close();
    }
}
