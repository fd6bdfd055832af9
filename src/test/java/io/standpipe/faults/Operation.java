// SPDX-License-Identifier: Apache-2.0
package io.standpipe.faults;

import java.util.ArrayList;
import java.util.List;

/**
 * Something that Standpipe does, in which every call is made to fail once.
 *
 * @param body what is done, with faults; what it returns is done without
 * @param after what is done afterwards in any case, without faults
 * @param always what fails each time besides, so that what comes after a failure is met too
 * @param succeeds whether it is to succeed where nothing else fails
 * @param renewing whether pipes of this process are replaced by others
 */
record Operation(String name, Body body, Outcome after, List<Fault> always, boolean succeeds, boolean renewing) {

    interface Body {

        /** Does it; returns the look at what came of it. */
        Outcome run() throws Exception;
    }

    interface Outcome {

        /** Compares what came of it with what was expected, and lets go of it. */
        void verify() throws Exception;
    }

    static Operation of(String name, Body body) {
        return new Operation(name, body, () -> {}, List.of(), true, false);
    }

    /** The same, with something done afterwards. */
    Operation after(Outcome done) {
        return new Operation(name, body, done, always, succeeds, renewing);
    }

    /** The same, of one that puts other pipes in place of this process's own. */
    Operation renewingPipes() {
        return new Operation(name, body, after, always, succeeds, true);
    }

    /** The same, failing since a call fails always. */
    Operation failing(String call, String error) {
        return new Operation(
                name, body, after, List.of(new Fault(call, 1, ErrnoNames.number(error), false)), false, renewing);
    }

    /** The same, on a kernel that has no such call, in forked children or in this process; it does without. */
    Operation without(String call, boolean inChild) {
        List<Fault> missing = new ArrayList<>(always);
        missing.add(new Fault(call, 1, ErrnoNames.number("ENOSYS"), inChild));
        return new Operation(name + " without " + call, body, after, missing, succeeds, renewing);
    }
}
