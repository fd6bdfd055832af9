// SPDX-License-Identifier: Apache-2.0
package io.standpipe.scenarios;

import io.standpipe.testkit.Alone;
import io.standpipe.testkit.Host;
import org.junit.jupiter.api.Test;

/** So many pipes that a user may have no others. */
@Alone("a user's pipes have a limited number of pages")
class ManyPipesScenarioTest extends ScenarioTest {

    private static final int PIPES = 1_100;

    /** More than CRIU saves; of one page each, so that limits on an ordinary user's pipes allow them. */
    @Test
    void thousandPipesEachKeepTheirOwnBytes() throws Exception {
        Host.assumeDescriptors(4 * PIPES + 1);
        Puppet puppet = stage.start();
        for (int i = 0; i < PIPES; i++) {
            int write = writeEnd(i);
            puppet.does("pipe " + (write - 1) + " " + write, "setpipe " + write + " " + PAGE)
                    .writes(write, "pipe " + i);
        }
        Play.of(stage, puppet).act(cast -> {
            for (int i = 0; i < PIPES; i++) {
                int write = writeEnd(i);
                cast[0].reads("pipe " + i, write - 1, 100).does("close " + write).reads("", write - 1, 1);
            }
        });
    }

    /** Downwards, so that they do not come in the order in which they were made. */
    private static int writeEnd(int index) {
        return 600 + 2 * (PIPES - index);
    }
}
