// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.store;

import io.standpipe.Decisions;
import io.standpipe.Progress;
import org.jspecify.annotations.Nullable;

/**
 * Counts what one checkpoint or restore has done, and reports it to a listener. Reports nothing without a listener, and
 * nothing while processes are frozen.
 */
public final class ProgressTracker {

    /** Has no listener. */
    public static final ProgressTracker NONE = new ProgressTracker(null);

    private final @Nullable Progress listener;
    private boolean paused;
    private Progress.Phase phase = Progress.Phase.COLLECT;
    private long pipes;
    private long ofPipes;
    private long bytes;
    private long ofBytes;

    private ProgressTracker(@Nullable Progress listener) {
        this.listener = listener;
    }

    public static ProgressTracker to(@Nullable Progress listener) {
        return listener == null ? NONE : new ProgressTracker(listener);
    }

    /** Returns whether reports reach a listener now: if not, the figures need not be found out. */
    public boolean isHeard() {
        return listener != null && !paused;
    }

    /** Returns whether what is decided reaches a listener now: if not, it need not be put into words. */
    public boolean isExplained() {
        return listener instanceof Decisions && !paused;
    }

    /** Reports what was found or decided, and why. */
    public void decided(String sentence) {
        if (listener instanceof Decisions decisions && !paused) {
            decisions.decided(sentence);
        }
    }

    /** Stops reports while processes are frozen. */
    public void pause() {
        paused = listener != null;
    }

    public void resume() {
        paused = false;
    }

    /** Reports the beginning of a phase in which nothing is done yet. */
    public void begin(Progress.Phase next, long pipesToDo, long bytesToDo) {
        report(next, 0, pipesToDo, 0, bytesToDo);
    }

    /** Reports a phase in which everything is done. */
    public void all(Progress.Phase next, long pipesDone, long bytesDone) {
        report(next, pipesDone, pipesDone, bytesDone, bytesDone);
    }

    /** Reports the beginning of a phase, with the figures of the phase before. */
    public void next(Progress.Phase next) {
        report(next, pipes, ofPipes, bytes, ofBytes);
    }

    /** Reports that one more pipe is done. */
    public void pipe(long lengthBytes) {
        report(phase, pipes + 1, ofPipes, bytes + lengthBytes, ofBytes);
    }

    /** Reports bytes that were moved and belong to no pipe yet. */
    void moved(long lengthBytes) {
        report(phase, pipes, ofPipes, bytes + lengthBytes, ofBytes);
    }

    /** Where the users of the pipes go on, more bytes may be moved in the end than were counted at the beginning. */
    private void report(Progress.Phase next, long pipesDone, long pipesToDo, long bytesDone, long bytesToDo) {
        if (listener == null || paused) {
            return;
        }
        phase = next;
        pipes = pipesDone;
        ofPipes = pipesToDo;
        bytes = bytesDone;
        ofBytes = bytesToDo == 0 ? 0 : Math.max(bytesToDo, bytesDone);
        listener.reached(phase, pipes, ofPipes, bytes, ofBytes);
    }
}
