// SPDX-License-Identifier: Apache-2.0
package io.standpipe.fuzz;

import io.standpipe.Image;
import io.standpipe.Restore;
import io.standpipe.cli.ShownImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;

/** Takes what is shown of an image, keeps none of it, and fails at whatever a terminal would take for a command. */
final class ShownText extends Writer {

    private static final int ASCII_END = 0x7f;

    private final int end;

    private ShownText(int end) {
        this.end = end;
    }

    /** Shows an image in every form. */
    static void of(Image image, Restore restore) throws IOException {
        print(new ShownText(Character.MAX_VALUE + 1), out -> ShownImage.text(image, out));
        print(new ShownText(ASCII_END), out -> ShownImage.json(image, out));
        var records = restore.records();
        print(new ShownText(ASCII_END), out -> ShownImage.records(records, out));
        ImageOracle.require(records.size() == image.records(), records.size() + " records listed of " + image.records());
    }

    /** Shows a dump of CRIU in every form. */
    static void ofDump(Path directory) throws IOException {
        PrintWriter text = new PrintWriter(new ShownText(Character.MAX_VALUE + 1));
        ShownImage.dump(directory, false, text);
        text.flush();
        PrintWriter json = new PrintWriter(new ShownText(ASCII_END));
        ShownImage.dump(directory, true, json);
        json.flush();
    }

    private static void print(ShownText text, java.util.function.Consumer<PrintWriter> shown) {
        PrintWriter out = new PrintWriter(text);
        shown.accept(out);
        out.flush();
    }

    static void requirePlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            require(text.charAt(i), Character.MAX_VALUE + 1);
        }
    }

    private static void require(char c, int end) {
        int type = Character.getType(c);
        boolean plain = c < end && type != Character.CONTROL && type != Character.FORMAT
                && type != Character.LINE_SEPARATOR && type != Character.PARAGRAPH_SEPARATOR;
        if (!plain) {
            throw new AssertionError(String.format("character %04x is shown as it is", (int) c));
        }
    }

    @Override
    public void write(char[] text, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            if (text[i] != '\n') {
                require(text[i], end);
            }
        }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
