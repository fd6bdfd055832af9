// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.internal.sys.Terminal;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * Progress for people: a line of the terminal, shown once the work has taken half a second, and cleared at the end. A thread of
 * the progressbar library redraws the line; there is no such thread during the phases CLONE, in which processes are frozen, and
 * START, after which a command takes over.
 */
final class ProgressBarLine implements ProgressOption.Display {

    private static final int DEFAULT_COLUMNS = 80;
    private static final int REDRAW_MILLIS = 200;
    private static final long DELAY_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long KIBIBYTE = 1 << 10;
    private static final long MEBIBYTE = 1 << 20;
    private static final long MAX_SHOWN_IN_KIB_BYTES = 10 * MEBIBYTE;
    private static final long LONG_SYNC_BYTES = 64 * MEBIBYTE;
    private static final int UNKNOWN = -1;
    private static final String CLEAR = "\r\u001b[K";

    private final boolean wanted;
    private final long startNanos = System.nanoTime();
    private @Nullable Phase phase;
    private @Nullable ProgressBar bar;

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
        boolean countsBytes = ofBytes > 0 || ofPipes == 0;
        long max = countsBytes ? ofBytes : ofPipes;
        // No report comes during a sync: the bar is made before a long one, and drawn by its thread once the delay is over.
        if (bar == null && (isDelayOver() || (reached == Phase.SYNC && bytes >= LONG_SYNC_BYTES))) {
            bar = start(reached.name().toLowerCase(Locale.ROOT), countsBytes, max);
        }
        if (bar != null) {
            bar.maxHint(max == 0 ? UNKNOWN : max);
            bar.stepTo(countsBytes ? bytes : pipes);
        }
    }

    /** Starts a bar that counts bytes or pipes, which a thread redraws until the bar is closed. A max of 0 is unknown. */
    private ProgressBar start(String name, boolean countsBytes, long max) {
        int columns = Terminal.columns(Subcommand.STANDARD_ERROR);
        boolean inKib = max > 0 && max < MAX_SHOWN_IN_KIB_BYTES;
        String unit = !countsBytes ? " pipes" : inKib ? " KiB" : " MiB";
        return new ProgressBarBuilder()
                .setTaskName(name)
                .setInitialMax(max == 0 ? UNKNOWN : max)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(REDRAW_MILLIS)
                .continuousUpdate()
                .setConsumer(new DelegatingProgressBarConsumer(this::draw, (columns == 0 ? DEFAULT_COLUMNS : columns) - 1))
                .setUnit(unit, !countsBytes ? 1 : inKib ? KIBIBYTE : MEBIBYTE).build();
    }

    private boolean isDelayOver() {
        return System.nanoTime() - startNanos >= DELAY_NANOS;
    }

    private void draw(String line) {
        if (isDelayOver()) {
            System.err.print(CLEAR + line);
            System.err.flush();
        }
    }

    private void clear() {
        if (bar != null) {
            bar.close();
            bar = null;
            draw("");
        }
    }

    @Override
    public void done() {
        clear();
    }
}
