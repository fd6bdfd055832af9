// SPDX-License-Identifier: Apache-2.0
package io.standpipe.pipe;

import static io.standpipe.pipe.PipeFlags.SPLICE_F_GIFT;
import static io.standpipe.pipe.PipeFlags.SPLICE_F_NONBLOCK;
import static io.standpipe.pipe.Pipes.WOULD_BLOCK;
import static io.standpipe.testkit.ErrnoAssertions.assertFails;
import static io.standpipe.testkit.PipeIo.setNonBlocking;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.standpipe.internal.proc.BlockedCalls;
import io.standpipe.testkit.Await;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.RandomBytes;
import io.standpipe.testkit.TestPipe;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The calls that move bytes between a pipe and memory: read, write, vmsplice. */
@ExtendWith(DescriptorLeakCheck.class)
class PipeMemoryTest {

    private static final int PAGE = 4096;

    private static ByteBuffer memory(String text) {
        return ByteBuffer.allocateDirect(text.length()).put(text.getBytes(US_ASCII)).flip();
    }

    private static String text(ByteBuffer memory) {
        byte[] bytes = new byte[memory.remaining()];
        memory.get(bytes);
        return new String(bytes, US_ASCII);
    }

    @Test
    void readFillsTheBufferBetweenPositionAndLimit() throws Exception {
        ByteBuffer memory = memory("......");
        try (TestPipe pipe = TestPipe.holding("onetwo")) {
            assertEquals(3, Pipes.read(pipe.readFd(), memory.position(1).limit(4)));
            assertEquals("two", pipe.readText(), "what stays queued");
        }
        assertEquals(4, memory.position());
        assertEquals(".one..", text(memory.clear()));
    }

    @Test
    void readIntoASliceFillsTheSlice() throws Exception {
        ByteBuffer memory = memory("......");
        try (TestPipe pipe = TestPipe.holding("two")) {
            Pipes.read(pipe.readFd(), memory.slice(2, 3));
        }
        assertEquals("..two.", text(memory));
    }

    @Test
    void readOfFewerBytesThanTheBufferHoldsIsShort() throws Exception {
        try (TestPipe pipe = TestPipe.holding("abc")) {
            assertEquals(3, Pipes.read(pipe.readFd(), ByteBuffer.allocateDirect(8)));
        }
    }

    @Test
    void readTellsAnEmptyPipeFromTheEnd() throws Exception {
        ByteBuffer memory = ByteBuffer.allocateDirect(8);
        try (TestPipe pipe = TestPipe.open()) {
            setNonBlocking(pipe.readFd());
            assertEquals(WOULD_BLOCK, Pipes.read(pipe.readFd(), memory));
            pipe.closeWriteEnd();
            assertEquals(0, Pipes.read(pipe.readFd(), memory));
        }
        assertEquals(0, memory.position());
    }

    @Test
    void readOfAWriteEndFails() throws Exception {
        try (TestPipe pipe = TestPipe.holding("abc")) {
            assertFails(
                    Errno.EBADF,
                    "read(fd=" + pipe.writeFd() + ", length=3): EBADF (Bad file descriptor)",
                    () -> Pipes.read(pipe.writeFd(), ByteBuffer.allocateDirect(3)));
        }
    }

    @Test
    void readIntoAReadOnlyBufferThrows() throws Exception {
        try (TestPipe pipe = TestPipe.holding("abc")) {
            assertThrows(
                    ReadOnlyBufferException.class,
                    () -> Pipes.read(pipe.readFd(), ByteBuffer.allocateDirect(3).asReadOnlyBuffer()));
            assertEquals("abc", pipe.readText());
        }
    }

    @Test
    void writeTakesTheBufferBetweenPositionAndLimit() throws Exception {
        ByteBuffer memory = memory("abcdef").position(1).limit(4);
        try (TestPipe pipe = TestPipe.open()) {
            assertEquals(3, Pipes.write(pipe.writeFd(), memory.asReadOnlyBuffer()));
            assertEquals(3, Pipes.write(pipe.writeFd(), memory));
            assertEquals("bcdbcd", pipe.readText());
        }
        assertEquals(4, memory.position());
    }

    @Test
    void writeTellsLittleRoomFromNone() throws Exception {
        try (TestPipe pipe = TestPipe.ofCapacity(PAGE)) {
            setNonBlocking(pipe.writeFd());
            assertEquals(PAGE, Pipes.write(pipe.writeFd(), ByteBuffer.allocateDirect(2 * PAGE)));
            assertEquals(WOULD_BLOCK, Pipes.write(pipe.writeFd(), ByteBuffer.allocateDirect(1)));
        }
    }

    @Test
    void writeToAPipeWithoutReadersFails() throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            pipe.closeReadEnd();
            assertFails(
                    Errno.EPIPE,
                    "write(fd=" + pipe.writeFd() + ", length=1): EPIPE (Broken pipe)",
                    () -> Pipes.write(pipe.writeFd(), ByteBuffer.allocateDirect(1)));
        }
    }

    @Test
    void vmspliceHasThePipeReferToTheBuffersOwnPages() throws Exception {
        ByteBuffer memory = memory("before");
        try (TestPipe pipe = TestPipe.open()) {
            assertEquals(6, Pipes.vmsplice(pipe.writeFd(), memory, SPLICE_F_NONBLOCK));
            memory.put(0, "after!".getBytes(US_ASCII));
            assertEquals("after!", pipe.readText());
        }
        assertEquals(6, memory.position());
    }

    @Test
    void vmspliceOfAReadEndFillsTheBuffer() throws Exception {
        ByteBuffer memory = ByteBuffer.allocateDirect(5);
        try (TestPipe pipe = TestPipe.holding("onetwo")) {
            assertEquals(5, Pipes.vmsplice(pipe.readFd(), memory, 0));
            assertEquals("o", pipe.readText());
        }
        assertEquals("onetw", text(memory.flip()));
    }

    @Test
    void vmspliceIntoTooFewSlotsIsShortAndIntoNoneWouldBlock() throws Exception {
        ByteBuffer memory = ByteBuffer.allocateDirect(2 * PAGE);
        try (TestPipe pipe = TestPipe.ofCapacity(PAGE)) {
            long moved = Pipes.vmsplice(pipe.writeFd(), memory, SPLICE_F_NONBLOCK);
            assertEquals(moved, Pipes.queuedBytes(pipe.readFd()));
            assertEquals(PAGE, Math.max(moved, PAGE), "no more than the one slot's page");
            assertEquals(WOULD_BLOCK, Pipes.vmsplice(pipe.writeFd(), memory, SPLICE_F_NONBLOCK));
        }
    }

    @Test
    void vmspliceTakesTheFlagsOfTheKernel() throws Exception {
        ByteBuffer pages = ByteBuffer.allocateDirect(2 * PAGE).alignedSlice(PAGE);
        try (TestPipe pipe = TestPipe.open()) {
            assertEquals(PAGE, Pipes.vmsplice(pipe.writeFd(), pages.limit(PAGE), SPLICE_F_NONBLOCK | SPLICE_F_GIFT));
            assertFails(
                    Errno.EINVAL,
                    "vmsplice(fd=" + pipe.writeFd() + ", length=1): EINVAL (Invalid argument)",
                    () -> Pipes.vmsplice(pipe.writeFd(), ByteBuffer.allocateDirect(1), 1 << 30));
        }
    }

    @Test
    void vmspliceToWhatIsNoPipeFails() throws Exception {
        try (Fd device = DevNull.open()) {
            assertFails(
                    Errno.EBADF,
                    "vmsplice(fd=" + device.number() + ", length=1): EBADF (Bad file descriptor)",
                    () -> Pipes.vmsplice(device.number(), ByteBuffer.allocateDirect(1), 0));
        }
    }

    @Test
    void vmspliceToAPipeWithoutReadersFails() throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            pipe.closeReadEnd();
            assertFails(
                    Errno.EPIPE,
                    "vmsplice(fd=" + pipe.writeFd() + ", length=1): EPIPE (Broken pipe)",
                    () -> Pipes.vmsplice(pipe.writeFd(), ByteBuffer.allocateDirect(1), SPLICE_F_NONBLOCK));
        }
    }

    @Test
    void aBufferOnTheHeapIsRefused() throws Exception {
        try (TestPipe pipe = TestPipe.holding(RandomBytes.of(8))) {
            IllegalArgumentException thrown = assertThrows(
                    IllegalArgumentException.class, () -> Pipes.read(pipe.readFd(), ByteBuffer.allocate(8)));
            assertEquals("buffer is not direct: its memory may move", thrown.getMessage());
            assertEquals(8, Pipes.queuedBytes(pipe.readFd()));
        }
    }

    @Test
    void vmspliceWaitsAtANonBlockingEndUnlessFlagged() throws Exception {
        ByteBuffer memory = memory("abc");
        try (TestPipe pipe = TestPipe.holding(new byte[16 * PAGE])) {
            setNonBlocking(pipe.writeFd());
            assertEquals(WOULD_BLOCK, Pipes.vmsplice(pipe.writeFd(), memory, SPLICE_F_NONBLOCK));
            CompletableFuture<Long> waiting = new CompletableFuture<>();
            Thread thread = new Thread(() -> {
                try {
                    waiting.complete(Pipes.vmsplice(pipe.writeFd(), memory, 0));
                } catch (ErrnoException e) {
                    waiting.completeExceptionally(e);
                }
            });
            thread.start();
            Await.until("it waits", () -> BlockedCalls.ownThreadsBlockedOn(Set.of(pipe.writeFd())).containsValue("vmsplice"));
            assertEquals(PAGE, Pipes.read(pipe.readFd(), ByteBuffer.allocateDirect(PAGE)));
            assertEquals(3, waiting.get());
        }
    }
}
