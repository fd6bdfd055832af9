// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import java.io.DataInputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.util.Random;

/** A pipe with both ends open, until they are closed. */
public final class TestPipe implements AutoCloseable {

    private final Fd readEnd;
    private final Fd writeEnd;

    private TestPipe(long ends) {
        readEnd = Fd.owning(PipeCalls.readEnd(ends));
        writeEnd = Fd.owning(PipeCalls.writeEnd(ends));
    }

    public static TestPipe open() throws ErrnoException {
        return new TestPipe(PipeCalls.pipe());
    }

    static TestPipe holding(String text) throws ErrnoException {
        return holding(text.getBytes(US_ASCII));
    }

    static TestPipe holding(byte[] bytes) throws ErrnoException {
        TestPipe pipe = open();
        pipe.put(bytes);
        return pipe;
    }

    /** Bytes without a pattern, the same for the same seed. */
    static byte[] noise(int seed, int lengthBytes) {
        byte[] bytes = new byte[lengthBytes];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    /** Memory that holds these bytes. */
    static NativeMemory memoryOf(byte[] bytes) {
        NativeMemory memory = NativeMemory.nativeOrder(bytes.length);
        memory.buffer().put(0, bytes);
        return memory;
    }

    public int readFd() {
        return readEnd.number();
    }

    int writeFd() {
        return writeEnd.number();
    }

    /** Adds bytes, for which there must be room. */
    void put(byte[] bytes) throws ErrnoException {
        long written = FileCalls.write(writeFd(), memoryOf(bytes), 0, bytes.length);
        if (written != bytes.length) {
            throw new AssertionError("wrote " + written + " of " + bytes.length + " bytes");
        }
    }

    /** Takes out all that is queued. */
    byte[] take() throws IOException {
        byte[] bytes = new byte[PipeCalls.queuedBytes(readFd())];
        try (DataInputStream in = new DataInputStream(
                new FileInputStream(FdCalls.toJava(FdCalls.duplicate(readFd()))))) {
            in.readFully(bytes);
        }
        return bytes;
    }

    String takeText() throws IOException {
        return new String(take(), US_ASCII);
    }

    void closeReadEnd() {
        readEnd.close();
    }

    void closeWriteEnd() {
        writeEnd.close();
    }

    @Override
    public void close() {
        readEnd.close();
        writeEnd.close();
    }
}
