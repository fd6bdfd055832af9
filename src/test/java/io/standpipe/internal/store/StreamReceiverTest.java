// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.standpipe.UnavailableException;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.WaitLimit;
import io.standpipe.pipe.Fd;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.SeedImage;
import io.standpipe.testkit.TestPipe;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(DescriptorLeakCheck.class)
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StreamReceiverTest {

    private static final long TERABYTE = 1L << 40;
    /** Where in {@link SeedImage#onePipe} the length of PIPE_BUF is, and where its payload begins. */
    private static final int PIPE_BUF_LENGTH = 447;
    private static final int PAYLOAD = 451;

    @Test
    void streamLargerThanTheMemoryIsRefusedBeforeItIsCopied() throws IOException {
        try (TestPipe stream = TestPipe.holding(SeedImage.onePipe(3, 4, new byte[8000])); ImageInput input = input(stream.readFd())) {
            UnavailableException e = assertThrows(
                    UnavailableException.class,
                    () -> StreamReceiver.receive(input, ProgressTracker.NONE, 5000));
            assertEquals("image: it is at least 8451 bytes long, and of memory it may take 5000, half of what is available:"
                    + " write it to a file, and name that", e.getMessage());
        }
    }

    @Test
    void sparseFileAsStreamIsRefusedBeforeItIsCopied(@TempDir Path directory) throws IOException {
        byte[] image = SeedImage.onePipe(3, 4, new byte[0]);
        ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN).putInt(PIPE_BUF_LENGTH, -1);
        Path sparse = Files.write(directory.resolve("pipes.ckpt"), Arrays.copyOf(image, PAYLOAD));
        try (RandomAccessFile file = new RandomAccessFile(sparse.toFile(), "rw")) {
            file.setLength(TERABYTE);
        }
        try (Fd file = FileCalls.open(FileCalls.CURRENT_DIRECTORY, sparse.toString(), Flags.O_RDONLY, 0);
                ImageInput input = input(file.number())) {
            assertThrows(
                    UnavailableException.class,
                    () -> StreamReceiver.receive(input, ProgressTracker.NONE, Integer.MAX_VALUE));
        }
    }

    private static ImageInput input(int fd) {
        return new FdInput(fd, "image", WaitLimit.NONE);
    }
}
