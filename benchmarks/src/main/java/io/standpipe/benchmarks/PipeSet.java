// SPDX-License-Identifier: Apache-2.0
package io.standpipe.benchmarks;

import io.standpipe.internal.sys.FdCalls;
import io.standpipe.pipe.PipeEnds;
import io.standpipe.pipe.PipeFlags;
import io.standpipe.pipe.Pipes;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Filled pipes to save: one set for Standpipe, which needs their numbers, and for plain Java, which needs streams. */
final class PipeSet implements AutoCloseable {

    private final PipeSetSize size;
    private final List<FileInputStream> readEnds = new ArrayList<>();
    private final List<FileOutputStream> writeEnds = new ArrayList<>();
    private final int[] descriptors;

    private PipeSet(PipeSetSize size) {
        this.size = size;
        descriptors = new int[2 * size.pipes()];
    }

    static PipeSet filled(PipeSetSize size) throws IOException {
        PipeSet set = new PipeSet(size);
        boolean complete = false;
        try {
            for (int i = 0; i < size.pipes(); i++) {
                set.addPipe(i);
            }
            complete = true;
            return set;
        } finally {
            if (!complete) {
                set.close();
            }
        }
    }

    private void addPipe(int index) throws IOException {
        PipeEnds ends = Pipes.pipe2(PipeFlags.O_CLOEXEC);
        descriptors[2 * index] = ends.readFd();
        descriptors[2 * index + 1] = ends.writeFd();
        readEnds.add(new FileInputStream(FdCalls.toJava(ends.readEnd())));
        writeEnds.add(new FileOutputStream(FdCalls.toJava(ends.writeEnd())));
        if (size.bytesEach() > PipeSetSize.DEFAULT_CAPACITY_BYTES) {
            Pipes.setCapacityBytes(ends.writeFd(), size.bytesEach());
        }
        if (size.bytesEach() > 0) {
            writeEnds.get(index).write(payload(index));
        }
    }

    /** The bytes in a pipe, the same in every run. */
    byte[] payload(int index) {
        byte[] bytes = new byte[size.bytesEach()];
        new Random(index).nextBytes(bytes);
        return bytes;
    }

    /** Both ends of each pipe: read end, write end, read end... */
    int[] descriptors() {
        return descriptors.clone();
    }

    int count() {
        return readEnds.size();
    }

    FileInputStream readEnd(int index) {
        return readEnds.get(index);
    }

    FileOutputStream writeEnd(int index) {
        return writeEnds.get(index);
    }

    /** Fails unless every pipe has as many bytes as at first: what was measured did its work and harmed nothing. */
    void checkUntouched() throws IOException {
        for (FileInputStream readEnd : readEnds) {
            if (readEnd.available() != size.bytesEach()) {
                throw new IllegalStateException(
                        "a pipe has " + readEnd.available() + " bytes, expected " + size.bytesEach());
            }
        }
    }

    @Override
    public void close() throws IOException {
        for (FileInputStream readEnd : readEnds) {
            readEnd.close();
        }
        for (FileOutputStream writeEnd : writeEnds) {
            writeEnd.close();
        }
    }
}
