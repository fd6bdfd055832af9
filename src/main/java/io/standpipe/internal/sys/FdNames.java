// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import java.util.Collection;
import java.util.stream.Collectors;

/** How several descriptors are named in a message. */
public final class FdNames {

    private FdNames() {}

    /** Returns such as "descriptor 0" or "descriptors 0, 1, 2". */
    public static String of(Collection<Integer> fds) {
        return (fds.size() == 1 ? "descriptor " : "descriptors ") + fds.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }
}
