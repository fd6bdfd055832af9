// SPDX-License-Identifier: Apache-2.0
package io.standpipe.benchmarks;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.Native;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * The part of the job that Netty's epoll transport can do: it has splice, and no tee. What was in the pipes is in a
 * file afterwards, one payload behind the other, and no longer in the pipes; of whose it was nothing is kept.
 */
final class NettyMove {

    private static final int NO_OFFSET = -1;

    static {
        Epoll.ensureAvailability();
    }

    private final PipeSet pipes;
    private final PipeSetSize size;
    private final int[] descriptors;
    private final byte[] refill;

    NettyMove(PipeSet pipes, PipeSetSize size) {
        this.pipes = pipes;
        this.size = size;
        descriptors = pipes.descriptors();
        refill = pipes.payload(0);
    }

    /** Moves all; returns the nanoseconds that it took, and fills the pipes again. */
    long move(Path file) throws IOException {
        long start = System.nanoTime();
        Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
        FileDescriptor out = FileDescriptor.from(temporary.toString());
        try (FileChannel same = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
            moveAll(out.intValue());
            same.force(false);
        } finally {
            out.close();
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        long nanos = System.nanoTime() - start;
        for (int i = 0; i < pipes.count(); i++) {
            pipes.writeEnd(i).write(refill);
        }
        return nanos;
    }

    private void moveAll(int file) throws IOException {
        long offset = 0;
        for (int i = 0; i < pipes.count(); i++) {
            long end = offset + size.bytesEach();
            while (offset < end) {
                int moved = Native.splice(descriptors[2 * i], NO_OFFSET, file, offset, end - offset);
                if (moved <= 0) {
                    throw new IOException("splice moved " + moved + " bytes, expected " + (end - offset));
                }
                offset += moved;
            }
        }
    }
}
