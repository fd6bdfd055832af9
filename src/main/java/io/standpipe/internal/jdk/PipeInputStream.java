// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.jdk;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * A read end as a stream. Not a FileInputStream, although there is one below: that asks for the position in the file when
 * it is to read all or many bytes, and a pipe has none.
 */
public final class PipeInputStream extends InputStream {

    private final FileInputStream descriptor;

    public PipeInputStream(FileInputStream descriptor) {
        this.descriptor = descriptor;
    }

    /** What it reads from. */
    FileInputStream below() {
        return descriptor;
    }

    @Override
    public int read() throws IOException {
        return descriptor.read();
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        return descriptor.read(into, offset, length);
    }

    @Override
    public int available() throws IOException {
        return descriptor.available();
    }

    @Override
    public void close() throws IOException {
        descriptor.close();
    }
}
