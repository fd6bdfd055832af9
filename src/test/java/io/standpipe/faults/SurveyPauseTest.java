// SPDX-License-Identifier: Apache-2.0
package io.standpipe.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.testkit.Surveying;
import io.standpipe.testkit.TestJvm;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What could not be had for want of descriptors is not asked for again each time, nor given up for ever. */
class SurveyPauseTest {

    private static final Pattern TOLD = Pattern.compile("(?:wanting|allowed) (\\d+)");

    @TempDir
    Path folder;

    @Test
    void aSurveyThatFoundNoDescriptorsIsTriedAgainAfterAWhile() throws Exception {
        Surveying.assumeAllowed();
        TestJvm.Result result = FaultLibrary.run(folder, List.of(), SurveyPauseDriver.class);
        assertEquals(0, result.exitStatus(), result::output);
        List<Integer> asking = TOLD.matcher(result.output()).results()
                .map(told -> Integer.valueOf(told.group(1)))
                .toList();
        assertEquals(2, asking.size(), result::output);
        // Of 40 each: one of nine, and all but eight at most.
        assertTrue(asking.get(0) == 4 || asking.get(0) == 5, result::output);
        assertTrue(asking.get(1) >= 32, result::output);
    }
}
