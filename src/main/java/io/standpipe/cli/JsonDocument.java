// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;

/**
 * Prints JSON in ASCII, with escapes for other characters: the encoding of the output may lack them, and a terminal would obey
 * some of them, such as control characters in a path of an untrusted image.
 */
final class JsonDocument {

    private static final int DELETE = 0x7f;

    /** Writes the content of a document. */
    interface Body {
        void write(JsonWriter json) throws IOException;
    }

    private JsonDocument() {}

    static void print(PrintWriter out, Body body) {
        StringWriter text = new StringWriter();
        JsonWriter json = new JsonWriter(text);
        json.setIndent("  ");
        try {
            body.write(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        for (char c : text.toString().toCharArray()) {
            if (c < DELETE) {
                out.write(c);
            } else {
                out.printf("\\u%04x", (int) c);
            }
        }
        out.println();
    }
}
