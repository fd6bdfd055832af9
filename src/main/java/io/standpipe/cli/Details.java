// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.Decisions;
import java.util.function.Consumer;

/** Prints what was found and decided, and no progress. */
record Details(Consumer<String> printed) implements Decisions {

    @Override
    public void decided(String sentence) {
        printed.accept(sentence);
    }

    @Override
    public void reached(Phase phase, long pipes, long ofPipes, long bytes, long ofBytes) {
        // Nothing is shown of it.
    }
}
