// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.testkit.Surveying;
import io.standpipe.testkit.TestJvm;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checkpoints that follow each other leave no garbage that grows with the pipes. */
class SteadyStateTest {

    /** 0.7 were measured, 655 where each checkpoint collects in objects of its own. The compiler does not always spare an object. */
    private static final double NOTHING = 24;

    /** 33 were measured, and 587: the two copies of descriptors have an owner each. */
    private static final double TWO_OWNERS = 32 + NOTHING;

    @TempDir
    Path folder;

    @Test
    void aSurveyedPipeTakesNoHeap() throws Exception {
        Surveying.assumeAllowed();
        assertAtMost(NOTHING, "always");
    }

    /** As it is where nothing is set: then what the compiler knows of both ways is in the code. */
    @Test
    void aSurveyedPipeTakesNoHeapWhereOthersWereAskedBefore() throws Exception {
        Surveying.assumeAllowed();
        assertAtMost(NOTHING, "auto");
    }

    @Test
    void aPipeThatIsAskedTakesTheOwnersOfItsCopies() throws Exception {
        assertAtMost(TWO_OWNERS, "off");
    }

    private void assertAtMost(double most, String surveys) throws Exception {
        TestJvm.Result result = TestJvm.run(
                List.of("-XX:TieredStopAtLevel=4", "-XX:+UseSerialGC", "-Dstandpipe.survey=" + surveys),
                SteadyStateDriver.class, folder.resolve("image").toString(), Double.toString(most));
        assertEquals(0, result.exitStatus(), result::output);
        double heapBytes = Double.parseDouble(result.output().strip());
        assertTrue(heapBytes <= most, () -> heapBytes + " bytes of heap a pipe, expected at most " + most);
    }
}
