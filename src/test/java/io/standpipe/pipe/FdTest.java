// SPDX-License-Identifier: Apache-2.0
package io.standpipe.pipe;

import static io.standpipe.testkit.ErrnoAssertions.NEVER_OPEN;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.internal.jni.Native;
import io.standpipe.internal.sys.FdCalls;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.TestPipe;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(DescriptorLeakCheck.class)
class FdTest {

    @Test
    void closeFreesTheFd() throws Exception {
        int number;
        try (TestPipe pipe = TestPipe.open();
                Fd copy = FdCalls.duplicateFrom(pipe.readFd(), 300)) {
            number = copy.number();
        }
        assertFalse(FdCalls.isOpen(number));
    }

    @Test
    void nativeCloseReturnsZero() throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            assertEquals(0, Native.sp_close(FdCalls.duplicate(pipe.readFd()).release()));
        }
    }

    @Test
    void nativeCloseOfABadFdFails() {
        assertEquals(-Errno.EBADF, Native.sp_close(NEVER_OPEN));
    }

    @Test
    void closeTwiceIsClosingOnce() throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            Fd copy = FdCalls.duplicate(pipe.readFd());
            copy.close();
            assertDoesNotThrow(copy::close);
        }
    }

    @Test
    void closeOfAnFdClosedElsewhereThrows() {
        IllegalStateException thrown = assertThrows(IllegalStateException.class, Fd.owning(NEVER_OPEN)::close);
        assertEquals("descriptor 2147483647 was closed by someone else", thrown.getMessage());
    }

    @Test
    void releasedFdStaysOpen() throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            Fd owner = FdCalls.duplicate(pipe.readFd());
            int number = owner.release();
            owner.close();
            assertTrue(FdCalls.isOpen(number));
            Native.sp_close(number);
        }
    }

    @Test
    void numberOfAReleasedFdThrows() {
        Fd owner = Fd.owning(NEVER_OPEN);
        owner.release();
        IllegalStateException thrown = assertThrows(IllegalStateException.class, owner::number);
        assertEquals("descriptor is closed or was handed on", thrown.getMessage());
    }

    @Test
    void owningANegativeNumberThrows() {
        IllegalArgumentException thrown = assertThrows(IllegalArgumentException.class, () -> Fd.owning(-9));
        assertEquals("descriptor number is -9, expected 0 or more", thrown.getMessage());
    }

    @Test
    void closeAllClosesAllAndNoneBetweenThem() throws Exception {
        try (TestPipe pipe = TestPipe.open();
                Fd between = FdCalls.duplicateTo(pipe.readFd(), 702)) {
            List<Fd> all = new ArrayList<>();
            for (int number : new int[] {706, 701, 705, 700, 703}) {
                all.add(FdCalls.duplicateTo(pipe.readFd(), number));
            }
            Fd.closeAll(all);
            for (int number : new int[] {700, 701, 703, 705, 706}) {
                assertFalse(FdCalls.isOpen(number), "descriptor " + number);
            }
            assertTrue(FdCalls.isOpen(between.number()));
            all.forEach(fd -> assertFalse(fd.isOpen()));
        }
    }

    @Test
    void closeAllLeavesReleasedAndClosedOnesAlone() throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            Fd handedOn = FdCalls.duplicateTo(pipe.readFd(), 701);
            Fd closed = FdCalls.duplicateTo(pipe.readFd(), 702);
            List<Fd> all = List.of(FdCalls.duplicateTo(pipe.readFd(), 700), handedOn, closed);
            closed.close();
            try (Fd taker = Fd.owning(handedOn.release());
                    Fd other = FdCalls.duplicateTo(pipe.readFd(), 702)) {
                Fd.closeAll(all);
                assertFalse(FdCalls.isOpen(700));
                assertTrue(FdCalls.isOpen(taker.number()));
                assertTrue(FdCalls.isOpen(other.number()));
            }
        }
    }

    @Test
    void closeAllThrowsForOneClosedElsewhereAndClosesTheOthers() throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            Fd open = FdCalls.duplicateTo(pipe.readFd(), 700);
            IllegalStateException thrown = assertThrows(
                    IllegalStateException.class, () -> Fd.closeAll(List.of(Fd.owning(650), open, Fd.owning(NEVER_OPEN))));
            assertEquals("descriptor 650 was closed by someone else", thrown.getMessage());
            assertFalse(FdCalls.isOpen(700));
        }
    }

    @Test
    void nativeCloseRangeThatEndsBeforeItBeginsFails() {
        assertEquals(-Errno.EINVAL, Native.sp_close_range(701, 700, 0));
    }
}
