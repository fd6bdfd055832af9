// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.jdk;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * A read end as a stream. Hides the FileInputStream that it reads from: readAllBytes, readNBytes and skip of that class ask for
 * the position in the file, and a pipe has none.
 */
public final class PipeInputStream extends InputStream {

    private final FileInputStream below;

    /** Takes over a stream over a read end, which {@link #close} closes. */
    public PipeInputStream(FileInputStream below) {
        this.below = below;
    }

    FileInputStream below() {
        return below;
    }

    @Override
    public int read() throws IOException {
        return below.read();
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        return below.read(into, offset, length);
    }

    @Override
    public int available() throws IOException {
        return below.available();
    }

    @Override
    public void close() throws IOException {
        below.close();
    }
}
