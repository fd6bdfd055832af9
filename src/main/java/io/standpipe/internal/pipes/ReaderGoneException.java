// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.pipes;

import io.standpipe.StandpipeException;
import io.standpipe.pipe.ErrnoException;

/** Nobody has the other end of an output any more. Where only what was wanted of it was read, as by head, that is no failure. */
public final class ReaderGoneException extends StandpipeException {

    private static final long serialVersionUID = 1L;

    private final boolean ofStandardOutput;

    ReaderGoneException(String name, ErrnoException cause) {
        super(message(name), cause);
        ofStandardOutput = name.equals(FdSink.STANDARD_OUTPUT_NAME);
    }

    ReaderGoneException(String name) {
        super(message(name));
        ofStandardOutput = name.equals(FdSink.STANDARD_OUTPUT_NAME);
    }

    private static String message(String name) {
        return "the reader of " + name + " has gone away";
    }

    /** Returns whether it is standard output that nobody reads. */
    public boolean isOfStandardOutput() {
        return ofStandardOutput;
    }
}
