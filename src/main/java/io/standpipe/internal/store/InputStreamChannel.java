// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/** An input stream as a channel. Unlike that of {@code Channels} it asks for no more than it was asked for, nor twice. */
public final class InputStreamChannel implements ReadableByteChannel {

    private static final int PIECE_BYTES = 65_536;

    private final InputStream stream;
    private final byte[] piece = new byte[PIECE_BYTES];

    /** @param stream stays the caller's to close */
    public InputStreamChannel(InputStream stream) {
        this.stream = stream;
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        int most = Math.min(into.remaining(), PIECE_BYTES);
        int read = stream.read(piece, 0, most);
        if (read > most) {
            throw new IOException("its read returned " + read + ", expected at most " + most);
        }
        if (read > 0) {
            into.put(piece, 0, read);
        }
        return read;
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public void close() {}
}
