// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.host;

import io.standpipe.HostFinding;
import io.standpipe.HostFinding.Level;
import io.standpipe.internal.sys.Reasons;
import io.standpipe.pipe.ErrnoException;
import java.io.IOException;
import java.util.List;

/** What was found for one part of what Standpipe does. */
final class Findings {

    /** Makes a call, of which nothing is left. */
    interface Attempt {
        void run() throws IOException;
    }

    /**
     * Something of the kernel that is tried.
     *
     * @param name of the call, the flag or the file
     * @param since the version of Linux that brought it, or the option that a kernel is built with
     * @param without what it means if it is missing
     * @param use what it does
     * @param otherwise what is not possible without it, or how that is done then
     */
    record Feature(String name, String since, Level without, String use, String otherwise) {}

    private final String part;
    private final Kernel kernel;
    private final List<HostFinding> all;

    Findings(String part, Kernel kernel, List<HostFinding> all) {
        this.part = part;
        this.kernel = kernel;
        this.all = all;
    }

    void ok(String name, String detail) {
        add(name, Level.OK, detail, "");
    }

    void limited(String name, String detail, String remedy) {
        add(name, Level.LIMITED, detail, remedy);
    }

    void missing(String name, String detail, String remedy) {
        add(name, Level.MISSING, detail, remedy);
    }

    private void add(String name, Level level, String detail, String remedy) {
        all.add(new HostFinding(part, name, level, detail, remedy));
    }

    /** Tries a feature by a call. */
    void attempt(Feature feature, Attempt attempt) throws IOException {
        try {
            attempt.run();
            ok(feature.name(), feature.use());
        } catch (ErrnoException e) {
            refused(feature, e);
        } catch (IOException e) {
            if (!(e.getCause() instanceof ErrnoException cause)) {
                throw e;
            }
            refused(feature, cause);
        }
    }

    private void refused(Feature feature, ErrnoException e) {
        if (Reasons.isWantOfDescriptors(e)) {
            // Nothing is known of a call that was not made.
            missing(feature.name(), "not tried: too many descriptors are open", "raise the limit with ulimit -n");
        } else {
            add(feature.name(), feature.without(), Reasons.of(e) + ": " + feature.otherwise(), kernel.remedy(e, feature.since()));
        }
    }

    /** Adds a feature of files that was looked at. */
    void found(Feature feature, boolean works) {
        if (works) {
            ok(feature.name(), feature.use());
        } else {
            add(feature.name(), feature.without(), feature.otherwise(), kernel.remedy(feature.since()));
        }
    }
}
