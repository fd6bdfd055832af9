// SPDX-License-Identifier: Apache-2.0
package io.standpipe.testkit;

import io.standpipe.internal.sys.PipeCalls;
import io.standpipe.pipe.Fd;

import java.io.IOException;

/** A pipe of the test's own, with both ends open. */
public final class TestPipe implements AutoCloseable {

    private final Fd readEnd;
    private final Fd writeEnd;

    private TestPipe(long ends) {
        readEnd = Fd.owning(PipeCalls.readEnd(ends));
        writeEnd = Fd.owning(PipeCalls.writeEnd(ends));
    }

    /** A pipe of default capacity. */
    public static TestPipe create() throws IOException {
        return new TestPipe(PipeCalls.pipe());
    }

    /** A pipe of a chosen capacity. */
    public static TestPipe create(int capacityBytes) throws IOException {
        TestPipe pipe = create();
        PipeCalls.setCapacityBytes(pipe.w(), capacityBytes);
        return pipe;
    }

    /** A pipe of default capacity with bytes in it. */
    public static TestPipe holding(byte[] content) throws IOException {
        TestPipe pipe = create();
        pipe.write(content);
        return pipe;
    }

    /** The read end's number. */
    public int r() {
        return readEnd.number();
    }

    /** The write end's number. */
    public int w() {
        return writeEnd.number();
    }

    /** Writes all of it, which must fit. */
    public void write(byte[] content) throws IOException {
        Pipes.write(w(), content);
    }

    /** Takes all that is queued. */
    public byte[] readAll() throws IOException {
        return Pipes.readAll(r());
    }

    public void closeReadEnd() {
        readEnd.close();
    }

    public void closeWriteEnd() {
        writeEnd.close();
    }

    @Override
    public void close() {
        readEnd.close();
        writeEnd.close();
    }
}
