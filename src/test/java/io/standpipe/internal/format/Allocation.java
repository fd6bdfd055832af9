// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.format;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** How much memory of the heap this thread takes. */
final class Allocation {

    private static final long TOLERATED_BYTES = 1024;
    private static final int WARM_UP_RUNS = 3;

    private Allocation() {}

    /** After a few runs to warm up, another run of so many operations takes less memory than one object for each. */
    static void assertNone(Runnable manyOperations) {
        assumeTrue(
                ManagementFactory.getThreadMXBean() instanceof ThreadMXBean, "this JVM does not count allocations");
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long self = Thread.currentThread().getId();
        for (int i = 0; i < WARM_UP_RUNS; i++) {
            manyOperations.run();
            threads.getThreadAllocatedBytes(self);
        }
        long before = threads.getThreadAllocatedBytes(self);
        manyOperations.run();
        long allocatedBytes = threads.getThreadAllocatedBytes(self) - before;
        assertTrue(allocatedBytes < TOLERATED_BYTES, () -> allocatedBytes + " bytes allocated");
    }
}
