// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.store;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** An output stream as a channel. Unlike that of {@code Channels} it takes large pieces, and leaves interrupts to the stream. */
public final class OutputStreamChannel implements WritableByteChannel {

    private static final int PIECE_BYTES = 65_536;

    private final OutputStream stream;
    private final byte[] piece = new byte[PIECE_BYTES];
    private boolean failed;

    /** @param stream stays the caller's to close */
    public OutputStreamChannel(OutputStream stream) {
        this.stream = stream;
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
        int length = Math.min(from.remaining(), PIECE_BYTES);
        from.get(piece, 0, length);
        failed = true;
        stream.write(piece, 0, length);
        failed = false;
        return length;
    }

    /** Flushes the stream, unless it has failed; throws for a {@code PrintStream} that has, and keeps that to itself. */
    public void flush() throws IOException {
        if (!failed) {
            stream.flush();
        }
        if (stream instanceof PrintStream printing && printing.checkError()) {
            throw new IOException("a write to what it prints to has failed (checkError)");
        }
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public void close() {}
}
