// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.standpipe.pipe.Pipes;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.TestPipe;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(DescriptorLeakCheck.class)
class PageSizeTest {

    @Test
    void pageSizeIsTheLeastCapacityOfAPipe() throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            assertEquals(PageSize.SIZE_BYTES, Pipes.setCapacityBytes(pipe.readFd(), 1));
        }
    }
}
