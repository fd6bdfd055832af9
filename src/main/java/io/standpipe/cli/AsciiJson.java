// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import java.io.FilterWriter;
import java.io.IOException;
import java.io.Writer;

/** Passes JSON on in ASCII, other characters as escapes: whatever encoding the output has, no character is lost. */
final class AsciiJson extends FilterWriter {

    private static final int ASCII_END = 0x7f;

    AsciiJson(Writer out) {
        super(out);
    }

    @Override
    public void write(int c) throws IOException {
        if (c < ASCII_END) {
            out.write(c);
        } else {
            out.write(String.format("\\u%04x", c));
        }
    }

    @Override
    public void write(char[] text, int offset, int length) throws IOException {
        for (int i = offset; i < offset + length; i++) {
            write(text[i]);
        }
    }

    @Override
    public void write(String text, int offset, int length) throws IOException {
        write(text.toCharArray(), offset, length);
    }
}
