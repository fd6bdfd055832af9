// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.internal.format.EscapedPath;

import java.io.PrintWriter;
import java.util.Arrays;

/** Prints bytes as lines of text. Bytes that are no text, and characters that control a terminal, are printed as escapes. */
final class EscapedText implements PayloadText.Printer {

    private final PrintWriter out;
    private byte[] line = new byte[256];
    private int length;

    EscapedText(PrintWriter out) {
        this.out = out;
    }

    @Override
    public void print(byte[] bytes, int lengthBytes) {
        for (int i = 0; i < lengthBytes; i++) {
            if (bytes[i] == '\n') {
                flushLine();
            } else {
                add(bytes[i]);
            }
        }
    }

    private void add(byte b) {
        if (length == line.length) {
            line = Arrays.copyOf(line, 2 * length);
        }
        line[length++] = b;
    }

    private void flushLine() {
        int begin = 0;
        for (int i = 0; i < length; i++) {
            if (line[i] == '\t') {
                out.print(EscapedPath.of(Arrays.copyOfRange(line, begin, i)) + "\t");
                begin = i + 1;
            }
        }
        out.println(EscapedPath.of(Arrays.copyOfRange(line, begin, length)));
        length = 0;
    }

    @Override
    public void endLine() {
        if (length > 0) {
            flushLine();
        }
    }

    @Override
    public void end() {
        endLine();
    }
}
