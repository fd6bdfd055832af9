// SPDX-License-Identifier: Apache-2.0
package io.standpipe.pipe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ErrnoExceptionTest {

    private final ErrnoException refused =
            new ErrnoException(-Errno.EINVAL, "tee(fdIn=5, fdOut=9, length=65536)");

    @Test
    void messageReadsLikeTheCall() {
        assertEquals("tee(fdIn=5, fdOut=9, length=65536): EINVAL (Invalid argument)", refused.getMessage());
    }

    @Test
    void errnoIsPositive() {
        assertEquals(Errno.EINVAL, refused.errno());
    }

    @Test
    void reasonIsTheErrorWithoutTheCall() {
        assertEquals("EINVAL (Invalid argument)", refused.reason());
    }

    @Test
    void errorWithoutANameIsShownByItsNumber() {
        assertEquals("call(): errno 4095", new ErrnoException(-4095, "call()").getMessage());
    }
}
