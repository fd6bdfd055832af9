// SPDX-License-Identifier: Apache-2.0
package io.standpipe.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.standpipe.pipe.ErrnoException;
import org.junit.jupiter.api.function.Executable;

/** Checks how a failed system call is reported. */
public final class ErrnoAssertions {

    /** An fd above every limit, which therefore is never open. */
    public static final int NEVER_OPEN = Integer.MAX_VALUE;

    private ErrnoAssertions() {}

    /** Checks that the call throws an {@link ErrnoException} with this errno and exactly this message. */
    public static void assertFails(int errno, String message, Executable call) {
        ErrnoException thrown = assertThrows(ErrnoException.class, call);
        assertEquals(message, thrown.getMessage());
        assertEquals(errno, thrown.errno());
    }
}
