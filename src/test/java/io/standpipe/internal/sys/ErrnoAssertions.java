// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.standpipe.pipe.ErrnoException;
import org.junit.jupiter.api.function.Executable;

/** How a failed system call is told. */
public final class ErrnoAssertions {

    /** A number that is open nowhere: above every limit. */
    public static final int NEVER_OPEN = Integer.MAX_VALUE;

    private ErrnoAssertions() {}

    /** The call throws an {@link ErrnoException} with this number and, word for word, this message. */
    static void assertFails(int errno, String message, Executable call) {
        ErrnoException thrown = assertThrows(ErrnoException.class, call);
        assertEquals(message, thrown.getMessage());
        assertEquals(errno, thrown.errno());
    }
}
