// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.freeze;

import io.standpipe.Freeze;
import io.standpipe.internal.sys.WaitLimit;
import java.io.IOException;
import java.util.List;

/** Freezes a process, says so, and waits to be killed. */
final class HoldFrozen {

    private HoldFrozen() {}

    public static void main(String[] args) throws IOException {
        try (Freezer freezer = new Freezer(Freeze.valueOf(args[0]), WaitLimit.NONE)) {
            freezer.prepare(List.of(Integer.parseInt(args[1])));
            freezer.hold();
            System.out.println("frozen");
            System.in.read();
        }
    }
}
