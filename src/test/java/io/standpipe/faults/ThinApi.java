// SPDX-License-Identifier: Apache-2.0
package io.standpipe.faults;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.standpipe.internal.sys.Failures;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.PipeEnds;
import io.standpipe.pipe.PipeFlags;
import io.standpipe.pipe.Pipes;
import java.nio.ByteBuffer;

/** The calls of {@code io.standpipe.pipe} that no checkpoint or restore makes. */
final class ThinApi {

    private static final String TEXT = "memory";

    private ThinApi() {}

    static Operation pipeFromMemory() {
        return Operation.of("memory through a pipe", () -> {
            ByteBuffer memory = ByteBuffer.allocateDirect(TEXT.length()).put(TEXT.getBytes(US_ASCII)).flip();
            ByteBuffer read = ByteBuffer.allocateDirect(TEXT.length());
            try (PipeEnds pipe = Pipes.pipe2(PipeFlags.O_CLOEXEC)) {
                Pipes.vmsplice(pipe.writeFd(), memory, PipeFlags.SPLICE_F_NONBLOCK);
                while (Pipes.queuedBytes(pipe.readFd()) > 0) {
                    Pipes.read(pipe.readFd(), read);
                }
            } catch (ErrnoException e) {
                throw Failures.of("memory through a pipe", e);
            }
            return () -> assertEquals(TEXT, US_ASCII.decode(read.flip()).toString());
        });
    }
}
