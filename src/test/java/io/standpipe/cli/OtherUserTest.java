// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.standpipe.testkit.Host;
import org.junit.jupiter.api.Test;

class OtherUserTest {

    @Test
    void everyJvmOfTheBuildHasAUserOfItsOwn() {
        Host.assume(System.getProperty("surefire.test.class.path") != null, "the build did not start this JVM");
        assertNotNull(Integer.getInteger("standpipe.test.jvm"), "the number of this JVM");
    }
}
