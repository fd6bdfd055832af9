// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.internal.sys.FdCalls;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.PipeCalls;
import io.standpipe.pipe.Fd;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.PipeIo;
import io.standpipe.testkit.RandomBytes;
import io.standpipe.testkit.TestPipe;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(DescriptorLeakCheck.class)
class EndsTest {

    @TempDir
    Path folder;

    @Test
    void theReadEndMayHaveTheLowerNumber() throws IOException {
        try (TestPipe pipe = TestPipe.open();
                Fd read = FdCalls.duplicateFrom(pipe.readFd(), 700);
                Fd write = FdCalls.duplicateFrom(pipe.writeFd(), 800)) {
            assertConnected(read.number(), write.number());
        }
    }

    @Test
    void theWriteEndMayHaveTheLowerNumber() throws IOException {
        try (TestPipe pipe = TestPipe.open();
                Fd write = FdCalls.duplicateFrom(pipe.writeFd(), 700);
                Fd read = FdCalls.duplicateFrom(pipe.readFd(), 800)) {
            assertConnected(read.number(), write.number());
        }
    }

    private void assertConnected(int readNumber, int writeNumber) throws IOException {
        try (RestoredPipes restored = restored(readNumber, writeNumber)) {
            PipeIo.write(restored.descriptor(writeNumber).number(), new byte[] {42});
            assertArrayEquals(new byte[] {42}, PipeIo.readAll(restored.descriptor(readNumber).number()));
        }
    }

    @Test
    void duplicatesShareDescriptionAfterRestore() throws IOException {
        try (TestPipe pipe = TestPipe.open();
                Fd duplicate = FdCalls.duplicate(pipe.readFd());
                RestoredPipes restored = restored(pipe.readFd(), duplicate.number())) {
            PipeIo.setNonBlocking(restored.descriptor(pipe.readFd()).number());
            assertTrue(PipeIo.isNonBlocking(restored.descriptor(duplicate.number()).number()));
        }
    }

    @Test
    void duplicatesOfWriteEndShareDescriptionAfterRestore() throws IOException {
        try (TestPipe pipe = TestPipe.open();
                Fd duplicate = FdCalls.duplicate(pipe.writeFd());
                RestoredPipes restored = restored(pipe.writeFd(), duplicate.number())) {
            PipeIo.setNonBlocking(restored.descriptor(duplicate.number()).number());
            assertTrue(PipeIo.isNonBlocking(restored.descriptor(pipe.writeFd()).number()));
        }
    }

    @Test
    void reopenedEndHasItsOwnDescriptionAfterRestore() throws IOException {
        try (TestPipe pipe = TestPipe.open();
                Fd reopened = FileCalls.reopen(pipe.readFd(), Flags.O_RDONLY);
                RestoredPipes restored = restored(pipe.readFd(), reopened.number())) {
            PipeIo.setNonBlocking(restored.descriptor(pipe.readFd()).number());
            assertFalse(PipeIo.isNonBlocking(restored.descriptor(reopened.number()).number()));
        }
    }

    @Test
    void nonBlockingFlagIsRestoredPerDescription() throws IOException {
        try (TestPipe pipe = TestPipe.open();
                Fd reopened = FileCalls.reopen(pipe.readFd(), Flags.O_RDONLY | Flags.O_NONBLOCK);
                RestoredPipes restored = restored(pipe.readFd(), reopened.number())) {
            List<Boolean> notWaiting = List.of(
                    PipeIo.isNonBlocking(restored.descriptor(pipe.readFd()).number()),
                    PipeIo.isNonBlocking(restored.descriptor(reopened.number()).number()));
            assertEquals(List.of(false, true), notWaiting);
        }
    }

    @Test
    void reopenedWriteEndKeepsItsOwnFlags() throws IOException {
        try (TestPipe pipe = TestPipe.open();
                Fd reopened = FileCalls.reopen(pipe.writeFd(), Flags.O_WRONLY | Flags.O_NONBLOCK);
                RestoredPipes restored = restored(pipe.writeFd(), reopened.number())) {
            List<Boolean> notWaiting = List.of(
                    PipeIo.isNonBlocking(restored.descriptor(pipe.writeFd()).number()),
                    PipeIo.isNonBlocking(restored.descriptor(reopened.number()).number()));
            assertEquals(List.of(false, true), notWaiting);
        }
    }

    @Test
    void statusFlagsAreRestored() throws IOException {
        try (TestPipe pipe = TestPipe.open()) {
            FdCalls.setStatusFlags(pipe.writeFd(), Flags.O_NONBLOCK | Flags.O_APPEND | Flags.oDirect());
            int flags = FdCalls.statusFlags(pipe.writeFd());
            try (RestoredPipes restored = restored(pipe.writeFd())) {
                assertEquals(flags, FdCalls.statusFlags(restored.descriptor(pipe.writeFd()).number()));
            }
        }
    }

    @Test
    void threeReadersReadFromOnePipe() throws IOException {
        try (TestPipe pipe = TestPipe.open();
                Fd second = FileCalls.reopen(pipe.readFd(), Flags.O_RDONLY);
                Fd third = FileCalls.reopen(pipe.readFd(), Flags.O_RDONLY);
                RestoredPipes restored = restored(pipe.readFd(), second.number(), third.number(), pipe.writeFd())) {
            for (int reader : new int[] {pipe.readFd(), second.number(), third.number()}) {
                PipeIo.write(restored.descriptor(pipe.writeFd()).number(), new byte[] {(byte) reader});
                byte[] read = PipeIo.readAll(restored.descriptor(reader).number());
                assertArrayEquals(new byte[] {(byte) reader}, read);
            }
        }
    }

    @Test
    void threeReadersAreThreeDescriptionsInTheImage() throws IOException {
        try (TestPipe pipe = TestPipe.open();
                Fd second = FileCalls.reopen(pipe.readFd(), Flags.O_RDONLY);
                Fd third = FileCalls.reopen(pipe.readFd(), Flags.O_RDONLY)) {
            List<Image.Descriptor> saved = saved(pipe.readFd(), second.number(), third.number());
            assertEquals(3, saved.stream().map(d -> d.description().objref()).distinct().count());
        }
    }

    @Test
    void readWriteDescriptionIsRestoredAsOne() throws IOException {
        try (TestPipe pipe = TestPipe.open();
                Fd both = FileCalls.reopen(pipe.readFd(), Flags.O_RDWR);
                RestoredPipes restored = restored(both.number())) {
            assertEquals(Flags.O_RDWR, PipeIo.accessMode(restored.descriptor(both.number()).number()));
        }
    }

    @Test
    void readWriteDescriptionKeepsItsBytes() throws IOException {
        byte[] content = RandomBytes.of(5000);
        try (TestPipe pipe = TestPipe.holding(content);
                Fd both = FileCalls.reopen(pipe.readFd(), Flags.O_RDWR);
                RestoredPipes restored = restored(both.number())) {
            assertArrayEquals(content, PipeIo.readAll(restored.descriptor(both.number()).number()));
        }
    }

    @Test
    void readWriteDescriptionIsItsOwnWriter() throws IOException {
        try (TestPipe pipe = TestPipe.open();
                Fd both = FileCalls.reopen(pipe.readFd(), Flags.O_RDWR);
                RestoredPipes restored = restored(both.number())) {
            int fd = restored.descriptor(both.number()).number();
            assertEquals(0, PipeCalls.poll(fd, Flags.POLLIN) & (Flags.POLLHUP | Flags.POLLERR));
        }
    }

    @Test
    void restoredPipesHaveTheSavedFds() throws IOException {
        try (TestPipe pipe = TestPipe.open();
                Fd far = FdCalls.duplicateFrom(pipe.writeFd(), 900);
                RestoredPipes restored = restored(pipe.readFd(), far.number())) {
            assertEquals(Set.of(pipe.readFd(), far.number()), restored.numbers());
        }
    }

    @Test
    void fdNamedTwiceIsSavedOnce() throws IOException {
        try (TestPipe pipe = TestPipe.open();
                RestoredPipes restored = restored(pipe.readFd(), pipe.readFd())) {
            assertEquals(Set.of(pipe.readFd()), restored.numbers());
        }
    }

    @Test
    void closeOnExecIsSaved() throws IOException {
        try (TestPipe pipe = TestPipe.open()) {
            assertTrue(saved(pipe.readFd()).get(0).closeOnExec());
        }
    }

    private List<Image.Descriptor> saved(int... descriptors) throws IOException {
        Checkpoint.ofDescriptors(descriptors).writeTo(image());
        return Restore.from(image()).check().processes().get(0).table().descriptors();
    }

    private RestoredPipes restored(int... descriptors) throws IOException {
        Checkpoint.ofDescriptors(descriptors).writeTo(image());
        return Restore.from(image()).open();
    }

    private Path image() {
        return folder.resolve("pipes.ckpt");
    }
}
