// SPDX-License-Identifier: Apache-2.0
package io.standpipe.testkit;

import java.util.Random;

/** Random bytes that are the same in every run. */
public final class RandomBytes {

    private RandomBytes() {}

    /** Returns so many bytes; two calls with the same length return the same bytes. */
    public static byte[] of(int lengthBytes) {
        byte[] bytes = new byte[lengthBytes];
        new Random(lengthBytes).nextBytes(bytes);
        return bytes;
    }
}
