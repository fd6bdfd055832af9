// SPDX-License-Identifier: Apache-2.0
package io.standpipe.benchmarks;

import io.standpipe.pipe.Fd;
import io.standpipe.pipe.PipeEnds;
import io.standpipe.pipe.PipeFlags;
import io.standpipe.pipe.Pipes;
import java.io.File;
import java.io.IOException;
import java.util.List;

/** A pipe to stream to, with the floor's program at its other end, which lets everything go. */
final class Drain implements AutoCloseable {

    private static final int CAPACITY_BYTES = 1_048_576;

    private final Fd writeEnd;
    private final Process process;

    Drain() throws IOException {
        PipeEnds ends = Pipes.pipe2(PipeFlags.O_CLOEXEC);
        writeEnd = ends.writeEnd();
        boolean complete = false;
        try (Fd readEnd = ends.readEnd()) {
            Pipes.setCapacityBytes(writeEnd.number(), CAPACITY_BYTES);
            process = Floor.startReading(List.of("drain"), new File("/proc/self/fd/" + readEnd.number()));
            complete = true;
        } finally {
            if (!complete) {
                writeEnd.close();
            }
        }
    }

    int descriptor() {
        return writeEnd.number();
    }

    @Override
    public void close() {
        writeEnd.close();
        Floor.await(process);
    }
}
