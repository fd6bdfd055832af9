// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.CheckpointReport;
import io.standpipe.Decisions;
import java.util.function.Consumer;

/** A display that also prints what was found and decided. */
final class VerboseDisplay implements ProgressOption.Display, Decisions {

    private final ProgressOption.Display display;
    private final Consumer<String> details;

    VerboseDisplay(ProgressOption.Display display, Consumer<String> details) {
        this.display = display;
        this.details = details;
    }

    @Override
    public void decided(String sentence) {
        details.accept(sentence);
    }

    @Override
    public void reached(Phase phase, long pipes, long ofPipes, long bytes, long ofBytes) {
        display.reached(phase, pipes, ofPipes, bytes, ofBytes);
    }

    @Override
    public void deviation(String sentence) {
        display.deviation(sentence);
    }

    @Override
    public void saved(CheckpointReport report) {
        display.saved(report);
    }

    @Override
    public void done() {
        display.done();
    }

    @Override
    public void failed(int exitCode, String reason) {
        display.failed(exitCode, reason);
    }
}
