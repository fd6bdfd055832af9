// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.observe;

import java.io.IOException;
import java.util.Objects;

/** Text in events. */
final class Text {

    /** An image may have thousands of processes, and an event is to be read. */
    private static final int MOST_PIDS = 100;

    private Text() {}

    static String ofPids(Iterable<? extends Number> pids) {
        StringBuilder text = new StringBuilder();
        int count = 0;
        for (Number pid : pids) {
            if (count++ == MOST_PIDS) {
                return text.append(",...").toString();
            }
            text.append(count == 1 ? "" : ",").append(pid);
        }
        return text.toString();
    }

    /** Returns the message, which says it all if the exception is one of Standpipe's. */
    static String ofFailure(Throwable e) {
        return e instanceof IOException ? Objects.requireNonNullElse(e.getMessage(), e.toString()) : e.toString();
    }
}
