// SPDX-License-Identifier: Apache-2.0
package io.standpipe.pipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.internal.sys.FdCalls;
import io.standpipe.testkit.DescriptorLeakCheck;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(DescriptorLeakCheck.class)
class PipeEndsTest {

    @Test
    void closeClosesBothEnds() throws Exception {
        PipeEnds ends = Pipes.pipe2(PipeFlags.O_CLOEXEC);
        int read = ends.readFd();
        int write = ends.writeFd();
        ends.close();
        assertFalse(FdCalls.isOpen(read), "read end");
        assertFalse(FdCalls.isOpen(write), "write end");
    }

    @Test
    void closeLeavesAReleasedEndOpen() throws Exception {
        PipeEnds ends = Pipes.pipe2(PipeFlags.O_CLOEXEC);
        try (Fd taken = Fd.owning(ends.readEnd().release())) {
            ends.close();
            assertTrue(FdCalls.isOpen(taken.number()));
        }
    }

    @Test
    void closeOfAnEndWithTwoOwnersStillClosesTheOther() throws Exception {
        PipeEnds ends = Pipes.pipe2(PipeFlags.O_CLOEXEC);
        int write = ends.writeFd();
        Fd.owning(ends.readFd()).close();
        assertThrows(IllegalStateException.class, ends::close);
        assertFalse(FdCalls.isOpen(write));
    }

    @Test
    void fdsOfClosedEndsAreRefused() throws Exception {
        PipeEnds ends = Pipes.pipe2(PipeFlags.O_CLOEXEC);
        ends.close();
        assertThrows(IllegalStateException.class, ends::readFd);
        assertThrows(IllegalStateException.class, ends::writeFd);
    }

    @Test
    void aReaderMeetsTheEndOnceTheWriteEndIsClosed() throws Exception {
        try (PipeEnds ends = Pipes.pipe2(PipeFlags.O_CLOEXEC | PipeFlags.O_NONBLOCK)) {
            ends.writeEnd().close();
            assertEquals(0, Pipes.read(ends.readFd(), ByteBuffer.allocateDirect(1)));
        }
    }
}
