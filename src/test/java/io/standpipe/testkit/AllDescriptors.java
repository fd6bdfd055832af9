// SPDX-License-Identifier: Apache-2.0
package io.standpipe.testkit;

import io.standpipe.bridge.DescriptorCalls;
import io.standpipe.bridge.ErrnoException;
import io.standpipe.bridge.Fd;
import java.util.ArrayDeque;
import java.util.Deque;

/** Leaves a JVM that has a low limit without a free descriptor. */
public final class AllDescriptors {

    private AllDescriptors() {}

    /** Takes those that are left; the caller closes them. */
    public static Deque<Fd> take() {
        Deque<Fd> taken = new ArrayDeque<>();
        while (true) {
            try {
                taken.push(DescriptorCalls.duplicate(0));
            } catch (ErrnoException e) {
                return taken;
            }
        }
    }
}
