// SPDX-License-Identifier: Apache-2.0
package io.standpipe.testkit;

import io.standpipe.internal.sys.FdCalls;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;

import java.util.ArrayDeque;
import java.util.Deque;

/** Uses up the fds that a JVM with a low limit has left. */
public final class FreeFds {

    private FreeFds() {}

    /** Opens fds until the limit is reached, and returns them; the caller closes them. */
    public static Deque<Fd> takeAll() {
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
