// SPDX-License-Identifier: Apache-2.0
package io.standpipe.faults;

import io.standpipe.pipe.Errno;

import java.util.HashMap;
import java.util.Map;

/** Error numbers by their names, as messages say them. */
final class ErrnoNames {

    private static final int HIGHEST = 133;
    private static final Map<String, Integer> NUMBERS = new HashMap<>();

    static {
        for (int errno = 1; errno <= HIGHEST; errno++) {
            NUMBERS.put(name(errno), errno);
        }
    }

    private ErrnoNames() {}

    static String name(int errno) {
        return Errno.describe(errno).replaceFirst(" \\(.*", "");
    }

    static int number(String name) {
        Integer number = NUMBERS.get(name);
        if (number == null) {
            throw new AssertionError("Errno does not know " + name);
        }
        return number;
    }
}
