// SPDX-License-Identifier: Apache-2.0
package io.standpipe.testkit;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import io.standpipe.pipe.PipeEnds;
import io.standpipe.pipe.PipeFlags;
import io.standpipe.pipe.Pipes;
import java.io.IOException;

/** A pipe of the test, with both ends open until they are closed. */
public final class TestPipe implements AutoCloseable {

    private final Fd readEnd;
    private final Fd writeEnd;

    private TestPipe(PipeEnds ends) {
        readEnd = ends.readEnd();
        writeEnd = ends.writeEnd();
    }

    /** Opens an empty pipe of default capacity. */
    public static TestPipe open() throws ErrnoException {
        return new TestPipe(Pipes.pipe2(PipeFlags.O_CLOEXEC));
    }

    /** Opens an empty pipe of the given capacity. */
    public static TestPipe ofCapacity(int capacityBytes) throws ErrnoException {
        TestPipe pipe = open();
        Pipes.setCapacityBytes(pipe.writeFd(), capacityBytes);
        return pipe;
    }

    /** Opens a pipe of default capacity and writes the text to it. */
    public static TestPipe holding(String text) throws ErrnoException {
        return holding(text.getBytes(US_ASCII));
    }

    /** Opens a pipe of default capacity and writes the content to it. */
    public static TestPipe holding(byte[] content) throws ErrnoException {
        TestPipe pipe = open();
        pipe.write(content);
        return pipe;
    }

    public int readFd() {
        return readEnd.number();
    }

    public int writeFd() {
        return writeEnd.number();
    }

    /** Writes the whole content with one write; throws if the pipe has not enough room. */
    public void write(byte[] content) throws ErrnoException {
        PipeIo.write(writeFd(), content);
    }

    /** Reads everything that is queued; does not wait for more. */
    public byte[] readAll() throws IOException {
        return PipeIo.readAll(readFd());
    }

    /** Reads everything that is queued, as ASCII. */
    public String readText() throws IOException {
        return new String(readAll(), US_ASCII);
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
