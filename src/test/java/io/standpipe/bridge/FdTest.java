// SPDX-License-Identifier: Apache-2.0
package io.standpipe.bridge;

import static io.standpipe.bridge.ErrnoAssertions.NEVER_OPEN;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.testkit.DescriptorLeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(DescriptorLeakCheck.class)
class FdTest {

    @Test
    void closingFreesTheNumber() throws Exception {
        int number;
        try (TestPipe pipe = TestPipe.open();
                Fd copy = DescriptorCalls.duplicateFrom(pipe.readFd(), 300)) {
            number = copy.number();
        }
        assertFalse(DescriptorCalls.isOpen(number));
    }

    @Test
    void theNativeCloseSaysZero() throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            assertEquals(0, Native.sp_close(DescriptorCalls.duplicate(pipe.readFd()).release()));
        }
    }

    @Test
    void theNativeCloseOfANumberThatIsNotOpenIsRefused() {
        assertEquals(-Errno.EBADF, Native.sp_close(NEVER_OPEN));
    }

    @Test
    void closingTwiceIsClosingOnce() throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            Fd copy = DescriptorCalls.duplicate(pipe.readFd());
            copy.close();
            assertDoesNotThrow(copy::close);
        }
    }

    @Test
    void aCloseBehindTheOwnersBackIsFoundOut() {
        IllegalStateException thrown = assertThrows(IllegalStateException.class, Fd.owning(NEVER_OPEN)::close);
        assertEquals("descriptor 2147483647 was closed by someone else", thrown.getMessage());
    }

    @Test
    void aReleasedDescriptorStaysOpen() throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            Fd owner = DescriptorCalls.duplicate(pipe.readFd());
            int number = owner.release();
            owner.close();
            assertTrue(DescriptorCalls.isOpen(number));
            Native.sp_close(number);
        }
    }

    @Test
    void aReleasedDescriptorHasNoNumber() {
        Fd owner = Fd.owning(NEVER_OPEN);
        owner.release();
        IllegalStateException thrown = assertThrows(IllegalStateException.class, owner::number);
        assertEquals("descriptor is closed or was handed on", thrown.getMessage());
    }

    @Test
    void aNegativeNumberHasNoOwner() {
        IllegalArgumentException thrown = assertThrows(IllegalArgumentException.class, () -> Fd.owning(-9));
        assertEquals("descriptor number is -9, expected 0 or more", thrown.getMessage());
    }
}
