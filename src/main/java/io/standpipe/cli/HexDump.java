// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import java.io.PrintWriter;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Prints bytes as {@code hexdump -C} does: rows of 16 bytes with their offset. One star replaces all rows that are equal to the
 * row above.
 */
final class HexDump implements PayloadText.Printer {

    private static final int ROW = 16;

    private final PrintWriter out;
    private final byte[] row = new byte[ROW];
    private byte @Nullable [] before;
    private boolean starred;
    private int filled;
    private long offsetBytes;

    HexDump(PrintWriter out) {
        this.out = out;
    }

    @Override
    public void print(byte[] bytes, int lengthBytes) {
        for (int i = 0; i < lengthBytes; i++) {
            row[filled++] = bytes[i];
            if (filled == ROW) {
                flushRow();
            }
        }
    }

    private void flushRow() {
        if (filled == ROW && before != null && Arrays.equals(row, before)) {
            if (!starred) {
                out.println("*");
                starred = true;
            }
        } else {
            out.println(text());
            starred = false;
            before = filled == ROW ? row.clone() : null;
        }
        offsetBytes += filled;
        filled = 0;
    }

    private String text() {
        StringBuilder text = new StringBuilder(String.format("%08x ", offsetBytes));
        for (int i = 0; i < ROW; i++) {
            text.append(i % (ROW / 2) == 0 ? " " : "");
            text.append(i < filled ? String.format("%02x ", row[i]) : "   ");
        }
        text.append(" |");
        for (int i = 0; i < filled; i++) {
            text.append(row[i] >= ' ' && row[i] < 0x7f ? (char) row[i] : '.');
        }
        return text.append('|').toString();
    }

    @Override
    public void endLine() {
        if (filled > 0) {
            flushRow();
        }
        before = null;
        starred = false;
    }

    @Override
    public void end() {
        endLine();
        if (offsetBytes > 0) {
            out.println(String.format("%08x", offsetBytes));
        }
    }
}
