// SPDX-License-Identifier: Apache-2.0
package io.standpipe.benchmarks;

import io.standpipe.JavaDescriptor;
import io.standpipe.pipe.Pipes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Filled pipes of this process, made and owned by plain Java. */
final class PipeSet implements AutoCloseable {

    private final SetSize size;
    private final List<Pipe> pipes = new ArrayList<>();

    private PipeSet(SetSize size) {
        this.size = size;
    }

    /** @param set such as "100x64KiB" */
    static PipeSet filled(String set) throws IOException {
        PipeSet filled = new PipeSet(SetSize.parse(set));
        try {
            for (int i = 0; i < filled.size.pipes(); i++) {
                filled.add(i);
            }
            return filled;
        } catch (IOException e) {
            filled.close();
            throw e;
        }
    }

    private void add(int index) throws IOException {
        Pipe pipe = Pipe.open();
        pipes.add(pipe);
        if (size.bytesEach() > SetSize.DEFAULT_CAPACITY_BYTES) {
            Pipes.setCapacityBytes(JavaDescriptor.of(pipe.sink()).number(), size.bytesEach());
        }
        pipe.sink().write(ByteBuffer.wrap(payload(index)));
        pipe.source().configureBlocking(false); // for the copy in plain Java, which reads until a pipe is empty
    }

    SetSize size() {
        return size;
    }

    List<Pipe> pipes() {
        return pipes;
    }

    /** Returns the fds of both ends of all pipes. */
    int[] fds() throws IOException {
        int[] fds = new int[2 * pipes.size()];
        for (int i = 0; i < pipes.size(); i++) {
            fds[2 * i] = JavaDescriptor.of(pipes.get(i).source()).number();
            fds[2 * i + 1] = JavaDescriptor.of(pipes.get(i).sink()).number();
        }
        return fds;
    }

    private byte[] payload(int index) {
        byte[] payload = new byte[size.bytesEach()];
        new Random(index).nextBytes(payload);
        return payload;
    }

    /** Reads all pipes and fails unless they hold what they were filled with: then what was measured did its work. */
    void checkAndDrain() throws IOException {
        ByteBuffer found = ByteBuffer.allocate(size.bytesEach() + 1);
        for (int i = 0; i < pipes.size(); i++) {
            found.clear();
            while (pipes.get(i).source().read(found) > 0) {
                // Reads until the pipe is empty.
            }
            if (!found.flip().equals(ByteBuffer.wrap(payload(i)))) {
                throw new IllegalStateException("pipe " + i + " holds other bytes than before");
            }
        }
    }

    @Override
    public void close() throws IOException {
        close(pipes);
    }

    static void close(List<Pipe> pipes) throws IOException {
        for (Pipe pipe : pipes) {
            pipe.source().close();
            pipe.sink().close();
        }
    }
}
