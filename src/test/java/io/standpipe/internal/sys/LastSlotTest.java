// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import static io.standpipe.pipe.PipeFlags.SPLICE_F_NONBLOCK;
import static io.standpipe.pipe.Pipes.WOULD_BLOCK;
import static io.standpipe.testkit.ErrnoAssertions.assertFails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Pipes;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.RandomBytes;
import io.standpipe.testkit.TestPipe;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The write that writes nothing, on pipes whose slots are all taken. */
@ExtendWith(DescriptorLeakCheck.class)
class LastSlotTest {

    private static final int PAGE = PageSize.SIZE_BYTES;
    private static final int TAIL = 150;

    @Test
    void writtenSlotTakesTheRestOfItsPage() throws Exception {
        try (TestPipe pipe = fullByWriting()) {
            assertTrue(PipeCalls.lastSlotTakes(pipe.writeFd(), PAGE - TAIL));
        }
    }

    @Test
    void writtenSlotTakesASingleByte() throws Exception {
        try (TestPipe pipe = fullByWriting()) {
            assertTrue(PipeCalls.lastSlotTakes(pipe.writeFd(), 1));
        }
    }

    @Test
    void writtenSlotTakesNoMoreThanTheRestOfItsPage() throws Exception {
        try (TestPipe pipe = fullByWriting()) {
            assertFalse(PipeCalls.lastSlotTakes(pipe.writeFd(), PAGE - TAIL + 1));
        }
    }

    @Test
    void writtenSlotReallyHasTheRoom() throws Exception {
        try (TestPipe pipe = fullByWriting()) {
            NativeMemory memory = NativeMemory.nativeOrder(PAGE);
            assertEquals(
                    WOULD_BLOCK, FileCalls.write(pipe.writeFd(), memory, 0, PAGE - TAIL + 1), "one more");
            assertEquals(PAGE - TAIL, FileCalls.write(pipe.writeFd(), memory, 0, PAGE - TAIL), "just that");
        }
    }

    @Test
    void probeWritesNothingWhereThereIsRoom() throws Exception {
        try (TestPipe pipe = fullByWriting()) {
            PipeCalls.lastSlotTakes(pipe.writeFd(), PAGE - TAIL);
            assertHoldsWhatWasWritten(pipe);
        }
    }

    @Test
    void probeWritesNothingWhereThereIsNoRoom() throws Exception {
        try (TestPipe pipe = fullByWriting()) {
            PipeCalls.lastSlotTakes(pipe.writeFd(), PAGE - TAIL + 1);
            assertHoldsWhatWasWritten(pipe);
        }
    }

    @Test
    void probeReturnsTheSameAgain() throws Exception {
        try (TestPipe pipe = fullByWriting()) {
            PipeCalls.lastSlotTakes(pipe.writeFd(), PAGE - TAIL);
            assertTrue(PipeCalls.lastSlotTakes(pipe.writeFd(), PAGE - TAIL), "all of it");
            assertFalse(PipeCalls.lastSlotTakes(pipe.writeFd(), PAGE - TAIL + 1), "one more");
        }
    }

    @Test
    void bytesReadFromTheSlotMakeNoRoom() throws Exception {
        try (TestPipe pipe = ofOnePage()) {
            pipe.write(RandomBytes.of(TAIL));
            PipeCalls.read(pipe.readFd(), NativeMemory.nativeOrder(100), 0, 100);
            assertTrue(PipeCalls.lastSlotTakes(pipe.writeFd(), PAGE - TAIL), "the rest of the page");
            assertFalse(PipeCalls.lastSlotTakes(pipe.writeFd(), PAGE - TAIL + 1), "one more");
        }
    }

    @Test
    void fullPageTakesNothing() throws Exception {
        try (TestPipe pipe = ofOnePage()) {
            pipe.write(RandomBytes.of(PAGE));
            assertFalse(PipeCalls.lastSlotTakes(pipe.writeFd(), 1));
        }
    }

    @Test
    void clonedSlotTakesNothing() throws Exception {
        try (TestPipe source = TestPipe.holding("cloned");
                TestPipe pipe = ofOnePage()) {
            Pipes.tee(source.readFd(), pipe.writeFd(), 6, SPLICE_F_NONBLOCK);
            assertFalse(PipeCalls.lastSlotTakes(pipe.writeFd(), 1));
        }
    }

    @Test
    void packetTakesNothing() throws Exception {
        try (TestPipe pipe = ofOnePage()) {
            FdCalls.setStatusFlags(pipe.writeFd(), Flags.O_NONBLOCK | Flags.oDirect());
            pipe.write(RandomBytes.of(TAIL));
            assertFalse(PipeCalls.lastSlotTakes(pipe.writeFd(), 1));
        }
    }

    @Test
    void pipeThatIsNotFullTakesMoreThanTheRestOfAPage() throws Exception {
        try (TestPipe pipe = TestPipe.holding(RandomBytes.of(TAIL))) {
            FdCalls.setStatusFlags(pipe.writeFd(), Flags.O_NONBLOCK);
            assertTrue(PipeCalls.lastSlotTakes(pipe.writeFd(), PAGE - TAIL + 1));
        }
    }

    @Test
    void pipeWithoutReadersFails() throws Exception {
        try (TestPipe pipe = fullByWriting()) {
            pipe.closeReadEnd();
            assertFails(
                    Errno.EPIPE,
                    "write(fd=" + pipe.writeFd() + ", NULL, length=7): EPIPE (Broken pipe)",
                    () -> PipeCalls.lastSlotTakes(pipe.writeFd(), 7));
        }
    }

    @Test
    void readEndFails() throws Exception {
        try (TestPipe pipe = fullByWriting()) {
            assertFails(
                    Errno.EBADF,
                    "write(fd=" + pipe.readFd() + ", NULL, length=7): EBADF (Bad file descriptor)",
                    () -> PipeCalls.lastSlotTakes(pipe.readFd(), 7));
        }
    }

    @Test
    void badFdFails() {
        assertFails(Errno.EBADF, "write(fd=-1, NULL, length=7): EBADF (Bad file descriptor)",
                () -> PipeCalls.lastSlotTakes(-1, 7));
    }

    private static TestPipe fullByWriting() throws ErrnoException {
        TestPipe pipe = ofPages(4);
        pipe.write(written());
        return pipe;
    }

    private static TestPipe ofOnePage() throws ErrnoException {
        return ofPages(1);
    }

    private static TestPipe ofPages(int pages) throws ErrnoException {
        TestPipe pipe = TestPipe.open();
        Pipes.setCapacityBytes(pipe.writeFd(), pages * PAGE);
        FdCalls.setStatusFlags(pipe.writeFd(), Flags.O_NONBLOCK);
        return pipe;
    }

    /** Three pages and a tail. */
    private static byte[] written() {
        return RandomBytes.of(3 * PAGE + TAIL);
    }

    private static void assertHoldsWhatWasWritten(TestPipe pipe) throws Exception {
        assertEquals(3 * PAGE + TAIL, Pipes.queuedBytes(pipe.readFd()));
        assertArrayEquals(written(), pipe.readAll());
    }
}
