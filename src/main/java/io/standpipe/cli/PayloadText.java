// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.Payload;
import io.standpipe.Slots;
import io.standpipe.internal.format.EscapedPath;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Prints the bytes of a payload for people. If the pipe has packets, each slot begins with a line that names its length. */
abstract class PayloadText {

    private static final int MAX_READ_BYTES = 65_536;

    final PrintWriter out;

    private PayloadText(PrintWriter out) {
        this.out = out;
    }

    final void print(Payload payload) throws IOException {
        Slots slots = payload.slots();
        if (slots.hasPackets()) {
            for (Slots.Run run : slots.runs()) {
                for (int i = 0; i < run.count(); i++) {
                    endLine();
                    out.printf("-- %s of %s%n", run.packet() ? "packet" : "buffer", Sizes.count(run.lengthBytes(), "byte"));
                    print(payload, run.lengthBytes());
                }
            }
        } else {
            print(payload, payload.pipe().payloadBytes());
        }
        end();
    }

    private void print(Payload payload, long lengthBytes) throws IOException {
        byte[] bytes = new byte[(int) Math.min(MAX_READ_BYTES, lengthBytes)];
        for (long left = lengthBytes; left > 0; ) {
            int taken = payload.readNBytes(bytes, 0, (int) Math.min(bytes.length, left));
            for (int i = 0; i < taken; i++) {
                print(bytes[i]);
            }
            left -= taken;
        }
    }

    abstract void print(byte next);

    /** Ends the line that has begun, if any. */
    abstract void endLine();

    void end() {
        endLine();
    }

    /** Prints lines of text. Bytes that are no text, and characters that control a terminal, are printed as escapes. */
    static final class Escaped extends PayloadText {

        private final ByteArrayOutputStream plain = new ByteArrayOutputStream();
        private boolean lineBegun;

        Escaped(PrintWriter out) {
            super(out);
        }

        @Override
        void print(byte next) {
            lineBegun = next != '\n';
            if (next == '\n' || next == '\t') {
                out.print(EscapedPath.of(plain.toByteArray()) + (char) next);
                plain.reset();
            } else {
                plain.write(next);
            }
        }

        @Override
        void endLine() {
            if (lineBegun) {
                print((byte) '\n');
            }
        }
    }

    /** Prints what {@code hexdump -C} does: rows of 16 bytes with their offset; a star replaces all rows equal to that above. */
    static final class Hex extends PayloadText {

        private static final int ROW_BYTES = 16;

        private final byte[] row = new byte[ROW_BYTES];
        private byte @Nullable [] before;
        private boolean starred;
        private int filledBytes;
        private long offsetBytes;

        Hex(PrintWriter out) {
            super(out);
        }

        @Override
        void print(byte next) {
            row[filledBytes++] = next;
            if (filledBytes == ROW_BYTES) {
                flushRow();
            }
        }

        private void flushRow() {
            if (filledBytes == ROW_BYTES && before != null && Arrays.equals(row, before)) {
                if (!starred) {
                    out.println("*");
                    starred = true;
                }
            } else {
                out.println(text());
                starred = false;
                before = filledBytes == ROW_BYTES ? row.clone() : null;
            }
            offsetBytes += filledBytes;
            filledBytes = 0;
        }

        private String text() {
            StringBuilder text = new StringBuilder(String.format("%08x ", offsetBytes));
            for (int i = 0; i < ROW_BYTES; i++) {
                text.append(i % (ROW_BYTES / 2) == 0 ? " " : "");
                text.append(i < filledBytes ? String.format("%02x ", row[i]) : "   ");
            }
            text.append(" |");
            for (int i = 0; i < filledBytes; i++) {
                text.append(row[i] >= ' ' && row[i] < 0x7f ? (char) row[i] : '.');
            }
            return text.append('|').toString();
        }

        @Override
        void endLine() {
            if (filledBytes > 0) {
                flushRow();
            }
            before = null;
            starred = false;
        }

        @Override
        void end() {
            endLine();
            if (offsetBytes > 0) {
                out.println(String.format("%08x", offsetBytes));
            }
        }
    }
}
