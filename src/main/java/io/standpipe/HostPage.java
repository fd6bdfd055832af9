// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import io.standpipe.bridge.ErrnoException;
import io.standpipe.bridge.Fd;
import io.standpipe.bridge.PipeCalls;

/** The size of a page here, which is what one slot of a pipe holds. */
final class HostPage {

    static final int SIZE_BYTES = ask();

    private HostPage() {}

    /** A pipe cannot be smaller than one page: asked for one byte of capacity, the kernel answers with a page. */
    private static int ask() {
        try {
            long ends = PipeCalls.pipe();
            Fd.owning(PipeCalls.writeEnd(ends)).close();
            try (Fd read = Fd.owning(PipeCalls.readEnd(ends))) {
                return PipeCalls.setCapacityBytes(read.number(), 1);
            }
        } catch (ErrnoException e) {
            throw new IllegalStateException("cannot tell the size of a page", e);
        }
    }
}
