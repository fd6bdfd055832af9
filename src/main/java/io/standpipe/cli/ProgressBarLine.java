// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.internal.sys.Terminal;

import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Progress for people: a line of the terminal, once the work has taken half a second, and gone when it ends. A thread of the
 * library's draws it, and rests where processes are about to stand still or a command is about to take over.
 */
final class ProgressBarLine implements ProgressDisplay {

    private static final int STANDARD_ERROR = 2;
    private static final int USUAL_COLUMNS = 80;
    private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long MUCH_TO_SYNC_BYTES = 64 << 20;
    private static final String CLEAR = "\r\u001b[K";

    private final boolean wanted;
    private final long beganNanos = System.nanoTime();
    private Phase phase;
    private TerminalBar bar;

    /** @param wanted whether there is a terminal to show it on */
    ProgressBarLine(boolean wanted) {
        this.wanted = wanted;
    }

    @Override
    public void reached(Phase reached, long pipes, long ofPipes, long bytes, long ofBytes) {
        if (reached != phase) {
            clear();
        }
        phase = reached;
        if (!wanted || phase == Phase.CLONE || phase == Phase.START) {
            return;
        }
        boolean ofBytesRather = ofBytes > 0 || ofPipes == 0;
        long all = ofBytesRather ? ofBytes : ofPipes;
        // While data is synced nothing more is told: the bar is there beforehand, and not drawn until it is time.
        if (bar == null && (isTime() || (phase == Phase.SYNC && bytes >= MUCH_TO_SYNC_BYTES))) {
            bar = new TerminalBar(phase.name().toLowerCase(Locale.ROOT), ofBytesRather, all, columns(), this::draw);
        }
        if (bar != null) {
            bar.reached(ofBytesRather ? bytes : pipes, all);
        }
    }

    private boolean isTime() {
        return System.nanoTime() - beganNanos >= PATIENCE_NANOS;
    }

    private static int columns() {
        int columns = Terminal.columns(STANDARD_ERROR);
        return (columns == 0 ? USUAL_COLUMNS : columns) - 1;
    }

    private void draw(String line) {
        if (isTime()) {
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

    @Override
    public void failed(int status, String reason) {
        clear();
    }
}
