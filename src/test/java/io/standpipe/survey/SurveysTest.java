// SPDX-License-Identifier: Apache-2.0
package io.standpipe.survey;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.Surveying;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** When surveys are tried. */
@ExtendWith(DescriptorLeakCheck.class)
class SurveysTest {

    private static final int MANY = 1_000;
    private static final int PAUSED = 8;

    @BeforeEach
    void learnt() throws Exception {
        Surveying.assumeAllowed();
    }

    @Test
    void notOfAFewDescriptors() {
        Surveys.letGo();
        assertNull(Surveys.open(99));
        close(Surveys.open(100));
    }

    @Test
    void notWhereTheyAreSwitchedOff() throws Exception {
        assertNull(Surveying.with(false, () -> Surveys.open(MANY)));
    }

    @Test
    void notForAWhileAfterOneWasOfNoUse() throws Exception {
        Surveys.pause();
        for (int i = 0; i < PAUSED; i++) {
            assertNull(Surveys.open(MANY));
            close(Surveying.with(true, () -> Surveys.open(MANY)));
        }
        close(Surveys.open(MANY));
    }

    private static void close(Surveyor surveyor) {
        assertNotNull(surveyor);
        surveyor.close();
    }
}
