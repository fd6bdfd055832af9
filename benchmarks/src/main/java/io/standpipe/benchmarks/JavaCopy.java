// SPDX-License-Identifier: Apache-2.0
package io.standpipe.benchmarks;

import java.io.EOFException;
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
 * The baseline: what one would write without native code. Payload is copied through one direct buffer, which gathers
 * what fits, so that small pipes do not cost a file write each. The file is a length and the bytes, pipe after pipe.
 *
 * <p>It does less than Standpipe does. Saving empties each pipe for a moment, which is right only while nobody else
 * uses it; capacities, flags and shared ends are not kept, nothing is checked, and the folder is not synced.
 */
final class JavaCopy {

    private static final int BUFFER_BYTES = 1_048_576 + Integer.BYTES;

    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);

    /** Drains each pipe, saves what was in it and writes it back. */
    void save(PipeSet set, Path file) throws IOException {
        Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
        try (FileChannel out = FileChannel.open(
                temporary, StandardOpenOption.WRITE, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING)) {
            buffer.clear();
            for (int i = 0; i < set.count(); i++) {
                savePipe(set, i, out);
            }
            flush(out);
            out.force(false);
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private void savePipe(PipeSet set, int index, FileChannel out) throws IOException {
        int queued = set.readEnd(index).available();
        if (buffer.remaining() < Integer.BYTES + queued) {
            flush(out);
        }
        buffer.putInt(queued);
        if (queued == 0) {
            return;
        }
        int start = buffer.position();
        buffer.limit(start + queued);
        fill(set.readEnd(index).getChannel());
        drain(buffer.duplicate().position(start), set.writeEnd(index).getChannel());
        buffer.limit(buffer.capacity());
    }

    /** Makes pipes and fills them; each must hold its bytes without growing, since Java cannot make a pipe larger. */
    List<Pipe> load(Path file) throws IOException {
        List<Pipe> pipes = new ArrayList<>();
        try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
            buffer.clear().limit(0);
            while (present(Integer.BYTES, in)) {
                int length = buffer.getInt();
                if (!present(length, in)) {
                    throw new EOFException(file + " ends within a pipe");
                }
                Pipe pipe = Pipe.open();
                pipes.add(pipe);
                if (length > 0) {
                    drain(buffer.duplicate().limit(buffer.position() + length), pipe.sink());
                    buffer.position(buffer.position() + length);
                }
            }
        }
        return pipes;
    }

    static void close(List<Pipe> pipes) throws IOException {
        for (Pipe pipe : pipes) {
            pipe.source().close();
            pipe.sink().close();
        }
    }

    /** Whether so many bytes are in the buffer, after reading on if they were not. */
    private boolean present(int bytes, FileChannel in) throws IOException {
        if (buffer.remaining() < bytes) {
            buffer.compact();
            while (buffer.hasRemaining() && in.read(buffer) > 0) {
                // Reads until the buffer is full or the file ends.
            }
            buffer.flip();
        }
        return buffer.remaining() >= bytes;
    }

    private void fill(FileChannel in) throws IOException {
        while (buffer.hasRemaining()) {
            if (in.read(buffer) < 0) {
                throw new EOFException("a pipe ended early");
            }
        }
    }

    private void flush(FileChannel out) throws IOException {
        drain(buffer.flip(), out);
        buffer.clear();
    }

    private static void drain(ByteBuffer bytes, WritableByteChannel out) throws IOException {
        while (bytes.hasRemaining()) {
            out.write(bytes);
        }
    }
}
