// SPDX-License-Identifier: Apache-2.0
package io.standpipe.faults;

import io.standpipe.testkit.DescriptorLeakCheck;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The descriptors that this JVM had, and whether it has the same again. */
final class Descriptors {

    /** The JDK closes the streams of a child that has ended in a thread of its own. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final boolean renewing;
    private final Map<Integer, String> before;

    /** @param renewing whether one pipe is as good as another */
    Descriptors(boolean renewing) {
        this.renewing = renewing;
        before = now();
    }

    private Map<Integer, String> now() {
        Map<Integer, String> now = DescriptorLeakCheck.watched();
        if (renewing) {
            now.replaceAll((number, link) -> link.startsWith("pipe:") ? "pipe" : link);
        }
        return now;
    }

    /** What is different, or null. */
    String difference() {
        long start = System.nanoTime();
        Map<Integer, String> after = now();
        while (!after.equals(before) && System.nanoTime() - start < PATIENCE_NANOS) {
            LockSupport.parkNanos(PAUSE_NANOS);
            after = now();
        }
        if (after.equals(before)) {
            return null;
        }
        Map<Integer, String> open = new TreeMap<>(after);
        open.entrySet().removeAll(before.entrySet());
        Map<Integer, String> gone = new TreeMap<>(before);
        gone.entrySet().removeAll(after.entrySet());
        return "descriptors left open " + open + ", gone " + gone;
    }
}
