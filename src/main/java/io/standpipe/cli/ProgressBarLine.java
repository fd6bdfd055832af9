// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.internal.sys.Terminal;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Progress for people: a line of the terminal, shown once the work has taken half a second, and cleared at the end. A thread
 * redraws the line; there is no such thread during the phases CLONE, in which processes are frozen, and START, after which a command
 * takes over.
 */
final class ProgressBarLine implements ProgressOption.Display {

    private static final int DEFAULT_COLUMNS = 80;
    private static final int REDRAW_MILLIS = 200;
    private static final long DELAY_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long LONG_SYNC_BYTES = 64 << 20;
    private static final String CLEAR = "\r\u001b[K";

    private final boolean wanted;
    private final long startNanos = System.nanoTime();
    private @Nullable Phase phase;
    private @Nullable Thread redrawing;
    private volatile String line = "";

    /** @param wanted whether standard error is a terminal that can show the line */
    ProgressBarLine(boolean wanted) {
        this.wanted = wanted;
    }

    @Override
    public void reached(Phase reached, long pipes, long ofPipes, long bytes, long ofBytes) {
        if (reached != phase) {
            clear();
        }
        phase = reached;
        if (!wanted || reached == Phase.CLONE || reached == Phase.START) {
            return;
        }
        line = reached.name().toLowerCase(Locale.ROOT) + " "
                + (ofBytes > 0 ? Sizes.use(bytes, ofBytes)
                : ofPipes > 0 ? Sizes.bar(pipes, ofPipes) + " " + pipes + " of " + Sizes.count(ofPipes, "pipe")
                : Sizes.count(bytes, "byte"));
        // No report comes during a sync: the thread starts before a long one, and draws once the delay is over.
        if (redrawing == null && (isDelayOver() || (reached == Phase.SYNC && bytes >= LONG_SYNC_BYTES))) {
            redrawing = new Thread(this::redraw, "standpipe-progress");
            redrawing.setDaemon(true);
            redrawing.start();
        }
    }

    private boolean isDelayOver() {
        return System.nanoTime() - startNanos >= DELAY_NANOS;
    }

    private void redraw() {
        int columns = Terminal.columns(Subcommand.STANDARD_ERROR);
        int most = (columns == 0 ? DEFAULT_COLUMNS : columns) - 1;
        try {
            while (true) {
                draw(line.substring(0, Math.min(most, line.length())));
                Thread.sleep(REDRAW_MILLIS);
            }
        } catch (InterruptedException e) {
            draw("");
        }
    }

    private void draw(String text) {
        if (isDelayOver()) {
            System.err.print(CLEAR + text);
            System.err.flush();
        }
    }

    private void clear() {
        if (redrawing == null) {
            return;
        }
        redrawing.interrupt();
        boolean interrupted = false;
        while (redrawing.isAlive()) {
            try {
                redrawing.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        redrawing = null;
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void done() {
        clear();
    }
}
