// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.store;

import io.standpipe.Progress;

/** Counts for a listener what is done, in one run. Without a listener, or while processes stand still, it does nothing. */
public final class ProgressTracker {

    /** Without a listener. */
    public static final ProgressTracker NONE = new ProgressTracker(null);

    private final Progress listener;
    private boolean paused;
    private Progress.Phase phase;
    private long pipes;
    private long ofPipes;
    private long bytes;
    private long ofBytes;

    private ProgressTracker(Progress listener) {
        this.listener = listener;
    }

    /** @param listener or null */
    public static ProgressTracker to(Progress listener) {
        return listener == null ? NONE : new ProgressTracker(listener);
    }

    /** Whether anybody hears what is told now: else there is no need to find it out. */
    public boolean isHeard() {
        return listener != null && !paused;
    }

    /** Nothing is told from now on: processes stand still. */
    public void pause() {
        paused = listener != null;
    }

    public void resume() {
        paused = false;
    }

    /** A phase begins, of which nothing is done yet. */
    public void begin(Progress.Phase next, long pipesToDo, long bytesToDo) {
        if (isHeard()) {
            set(next, 0, pipesToDo, 0, bytesToDo);
        }
    }

    /** A phase begins, or has ended, in which all is done. */
    public void all(Progress.Phase next, long pipesDone, long bytesDone) {
        if (isHeard()) {
            set(next, pipesDone, pipesDone, bytesDone, bytesDone);
        }
    }

    /** A phase begins, with what was done in the one before. */
    public void next(Progress.Phase next) {
        if (isHeard()) {
            set(next, pipes, ofPipes, bytes, ofBytes);
        }
    }

    /** One more pipe is done. */
    public void pipe(long lengthBytes) {
        if (isHeard()) {
            set(phase, pipes + 1, ofPipes, bytes + lengthBytes, ofBytes);
        }
    }

    /** Bytes have been moved that belong to no pipe yet. */
    void moved(long lengthBytes) {
        if (isHeard()) {
            set(phase, pipes, ofPipes, bytes + lengthBytes, ofBytes);
        }
    }

    /** Where the pipes' users run on, there may be more in the end than there was when it was counted. */
    private void set(Progress.Phase next, long pipesDone, long pipesToDo, long bytesDone, long bytesToDo) {
        phase = next;
        pipes = pipesDone;
        ofPipes = pipesToDo;
        bytes = bytesDone;
        ofBytes = bytesToDo == 0 ? 0 : Math.max(bytesToDo, bytesDone);
        listener.reached(phase, pipes, ofPipes, bytes, ofBytes);
    }
}
