// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli.criu;

import com.google.protobuf.UnknownFieldSet;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Writes a file of a CRIU dump, laid out as {@link CriuImageFile} describes. It appears under its name when it is whole. */
final class CriuImageWriter {

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();

    CriuImageWriter(CriuFileKind kind) {
        number(CriuFileKind.COMMON_MAGIC);
        number(kind.magic());
    }

    void write(UnknownFieldSet message) {
        byte[] bytes = message.toByteArray();
        number(bytes.length);
        written.writeBytes(bytes);
    }

    private void number(int number) {
        written.writeBytes(ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(number).array());
    }

    /** Puts the file at its place, in place of what is there. */
    void writeTo(Path file) throws IOException {
        Path temporary = Files.createTempFile(file.toAbsolutePath().getParent(), "", ".tmp");
        try {
            Files.write(temporary, written.toByteArray());
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }
}
