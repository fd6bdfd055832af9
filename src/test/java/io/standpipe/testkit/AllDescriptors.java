// SPDX-License-Identifier: Apache-2.0
package io.standpipe.testkit;

import io.standpipe.internal.sys.FdCalls;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;

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
                taken.push(FdCalls.duplicate(0));
            } catch (ErrnoException e) {
                return taken;
            }
        }
    }
}
