// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.Decisions;
import io.standpipe.Progress;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a restore has come to, for the display of progress, for people, and for a report. */
final class RestoreProgress {

    private final ProgressOption.Display display;
    private final @Nullable Consumer<String> messages;
    private final ReportJson.Restored restored;
    private Consumer<ReportJson.Restored> atStart = none -> {};

    /**
     * @param image null if it comes from standard input
     * @param messages gets what differs from what was saved; null if only the report is to have it
     */
    RestoreProgress(@Nullable String image, ProgressOption.Display display, @Nullable Consumer<String> messages) {
        this.display = display;
        this.messages = messages;
        restored = new ReportJson.Restored(image);
    }

    /** Has something done when the descriptors are all there, and the command is about to have them. */
    void atStart(Consumer<ReportJson.Restored> action) {
        atStart = action;
    }

    ReportJson.Restored restored() {
        return restored;
    }

    /** Returns what a restore reports to. */
    Progress listener() {
        return display instanceof Decisions decisions ? new Explained(decisions) : this::reached;
    }

    void deviation(String sentence) {
        display.deviation(sentence);
        restored.deviation(sentence);
        if (messages != null) {
            messages.accept(sentence);
        }
    }

    void done() {
        display.done();
    }

    private void reached(Progress.Phase phase, long pipes, long ofPipes, long bytes, long ofBytes) {
        if (phase == Progress.Phase.START) {
            restored.count(pipes, bytes);
            atStart.accept(restored);
        }
        display.reached(phase, pipes, ofPipes, bytes, ofBytes);
    }

    /** Listens to decisions, too. */
    private final class Explained implements Decisions {

        private final Decisions decisions;

        Explained(Decisions decisions) {
            this.decisions = decisions;
        }

        @Override
        public void decided(String sentence) {
            decisions.decided(sentence);
        }

        @Override
        public void reached(Phase phase, long pipes, long ofPipes, long bytes, long ofBytes) {
            RestoreProgress.this.reached(phase, pipes, ofPipes, bytes, ofBytes);
        }
    }
}
