// SPDX-License-Identifier: Apache-2.0
package io.standpipe.testkit;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.standpipe.survey.Surveyor;
import io.standpipe.survey.Surveys;

/** Surveys for tests that need them, which are skipped where there are none to be had. */
public final class Surveying {

    private static final String PROPERTY = "standpipe.survey";
    private static final int MANY = 100_000;

    private Surveying() {}

    /** Checkpoints of this JVM that say so. */
    public interface Work<T> {
        T run() throws Exception;
    }

    /** Does something with surveys always tried, or never. */
    public static <T> T with(boolean surveys, Work<T> work) throws Exception {
        System.setProperty(PROPERTY, surveys ? "always" : "off");
        try {
            return work.run();
        } finally {
            System.clearProperty(PROPERTY);
        }
    }

    /** Skips the test where the kernel, a right or a filter stands in the way. */
    public static void assumeAllowed() throws Exception {
        open().close();
    }

    /** A surveyor for the calling thread. */
    public static Surveyor open() throws Exception {
        Surveyor surveyor = with(true, () -> Surveys.open(MANY));
        assumeTrue(surveyor != null, "no survey is to be had here: it takes Linux 6.1, BTF, CAP_BPF and CAP_PERFMON");
        return surveyor;
    }
}
