// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.standpipe.internal.sys.FdCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.PipeIo;
import io.standpipe.testkit.SampleImage;
import java.io.IOException;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Images of architectures on which some flags have other values. */
@ExtendWith(DescriptorLeakCheck.class)
class OtherMachineTest {

    private static final int READER = 5;
    private static final int WRITER = 6;
    private static final byte[] CONTENT = {1, 2, 3};

    /** O_WRONLY, O_NONBLOCK and O_DIRECT, in the values of each architecture. */
    @ParameterizedTest
    @CsvSource({"x86_64, 0044001", "aarch64, 0204001"})
    void packetModeIsRestoredFromOtherArchitecture(String machine, String octalFlags) throws IOException {
        byte[] image = SampleImage.onePipe(machine, Integer.parseInt(octalFlags, 8), READER, WRITER, CONTENT);
        try (RestoredPipes pipes = Restore.fromBytes(image).open()) {
            int flags = FdCalls.statusFlags(pipes.descriptor(WRITER).number());
            assertEquals(Flags.O_WRONLY | Flags.O_NONBLOCK | Flags.oDirect(), flags & ~Flags.oLargeFile());
            assertArrayEquals(CONTENT, PipeIo.readAll(pipes.descriptor(READER).number()));
        }
    }
}
