// SPDX-License-Identifier: Apache-2.0
package io.standpipe.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * The baseline: a checkpoint and a restore as one would write them in plain Java. Each pipe is read and its bytes are written
 * back, which is right only while nobody else uses the pipe. The file has the length and the bytes of pipe after pipe; nothing
 * else is kept, and nothing is checked.
 */
final class JavaCopy {

    private static final int LARGEST_BYTES = Integer.BYTES + 1_048_576;

    /** Has room for several pipes, so that a small one costs no write of its own. */
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(4 * LARGEST_BYTES);

    /** @param pipes whose read ends do not block */
    void save(List<Pipe> pipes, Path file) throws IOException {
        Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
        try (FileChannel out = FileChannel.open(temporary, StandardOpenOption.WRITE, StandardOpenOption.CREATE)) {
            buffer.clear();
            for (Pipe pipe : pipes) {
                if (buffer.remaining() < LARGEST_BYTES) {
                    flush(out);
                }
                int start = buffer.position() + Integer.BYTES;
                buffer.position(start);
                while (pipe.source().read(buffer) > 0) {
                    // Reads until the pipe is empty.
                }
                buffer.putInt(start - Integer.BYTES, buffer.position() - start);
                writeAll(buffer.duplicate().flip().position(start), pipe.sink());
            }
            flush(out);
            out.force(false);
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel directory = FileChannel.open(file.getParent())) {
            directory.force(true);
        }
    }

    /** Makes pipes of the default capacity and fills them. */
    List<Pipe> load(Path file) throws IOException {
        List<Pipe> pipes = new ArrayList<>();
        try (FileChannel in = FileChannel.open(file)) {
            buffer.clear().limit(0);
            while (has(Integer.BYTES, in)) {
                int length = buffer.getInt();
                has(length, in);
                Pipe pipe = Pipe.open();
                pipes.add(pipe);
                writeAll(buffer.slice(buffer.position(), length), pipe.sink());
                buffer.position(buffer.position() + length);
            }
        }
        return pipes;
    }

    /** Reads on if fewer bytes are in the buffer; returns whether so many are there. */
    private boolean has(int bytes, FileChannel in) throws IOException {
        if (buffer.remaining() < bytes) {
            buffer.compact();
            while (buffer.hasRemaining() && in.read(buffer) > 0) {
                // Reads until the buffer is full or the file ends.
            }
            buffer.flip();
        }
        return buffer.remaining() >= bytes;
    }

    private void flush(FileChannel out) throws IOException {
        writeAll(buffer.flip(), out);
        buffer.clear();
    }

    private static void writeAll(ByteBuffer bytes, WritableByteChannel out) throws IOException {
        while (bytes.hasRemaining()) {
            out.write(bytes);
        }
    }
}
