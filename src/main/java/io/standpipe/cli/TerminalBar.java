// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import java.util.function.Consumer;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A bar that a thread of the library's draws until it is closed. In a class of its own, so that no more is loaded without. */
final class TerminalBar implements AutoCloseable {

    private static final int REDRAWING_MILLIS = 200;
    private static final long KIBIBYTE = 1 << 10;
    private static final long MEBIBYTE = 1 << 20;
    private static final long FEW_BYTES = 10 * MEBIBYTE;
    private static final int UNKNOWN = -1;

    private final ProgressBar bar;

    /**
     * @param bytes whether bytes are counted, or else pipes
     * @param all of how many; 0 if that is not known
     * @param draw gets each picture of it, a line
     */
    TerminalBar(String name, boolean bytes, long all, int columns, Consumer<String> draw) {
        ProgressBarBuilder builder = new ProgressBarBuilder()
                .setTaskName(name)
                .setInitialMax(all == 0 ? UNKNOWN : all)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(REDRAWING_MILLIS)
                .continuousUpdate()
                .setConsumer(new DelegatingProgressBarConsumer(draw, columns));
        if (!bytes) {
            builder.setUnit(" pipes", 1);
        } else if (all > 0 && all < FEW_BYTES) {
            builder.setUnit(" KiB", KIBIBYTE);
        } else {
            builder.setUnit(" MiB", MEBIBYTE);
        }
        bar = builder.build();
    }

    void reached(long done, long all) {
        bar.maxHint(all == 0 ? UNKNOWN : all);
        bar.stepTo(done);
    }

    /** Returns when it has been drawn for the last time. */
    @Override
    public void close() {
        bar.close();
    }
}
