// SPDX-License-Identifier: Apache-2.0
package io.standpipe.s3;

import io.standpipe.ImageStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/** Whole objects, written and read as a checkpoint and a restore do. */
final class ObjectIo {

    private static final int PIECE_BYTES = 100_000;

    private ObjectIo() {}

    static void write(ImageStore store, byte[] bytes) throws IOException {
        try (ImageStore.Writing writing = store.create()) {
            writePieces(writing, bytes);
            writing.commit();
        }
    }

    static void writePieces(ImageStore.Writing writing, byte[] bytes) throws IOException {
        for (int done = 0; done < bytes.length; ) {
            done += writing.write(ByteBuffer.wrap(bytes, done, Math.min(PIECE_BYTES, bytes.length - done)));
        }
    }

    static byte[] read(ImageStore store) throws IOException {
        try (ReadableByteChannel reading = store.open()) {
            return readRest(reading);
        }
    }

    static byte[] readRest(ReadableByteChannel reading) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        ByteBuffer piece = ByteBuffer.allocate(PIECE_BYTES);
        while (reading.read(piece.clear()) >= 0) {
            all.write(piece.array(), 0, piece.position());
        }
        return all.toByteArray();
    }
}
