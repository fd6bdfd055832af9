// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.format;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Paths, and other texts that are not to be trusted, for people. */
public final class EscapedPath {

    private EscapedPath() {}

    /** A path for people: what is not printable is written as an escape, and no byte is lost. */
    public static String of(byte[] path) {
        if (isPlain(path)) {
            return new String(path, StandardCharsets.US_ASCII);
        }
        String decoded = new String(path, StandardCharsets.UTF_8);
        boolean faithful = isText(path);
        StringBuilder text = new StringBuilder();
        (faithful ? decoded : new String(path, StandardCharsets.ISO_8859_1)).codePoints().forEach(c -> {
            if (c == '\\') {
                text.append("\\\\");
            } else if (c < ' ' || c == 0x7f || !faithful && c > 0x7f) {
                text.append(String.format("\\x%02x", c));
            } else if (isUnseen(c)) {
                text.append(String.format("\\u%04x", c));
            } else {
                text.appendCodePoint(c);
            }
        });
        return text.toString();
    }

    /** A text for people, likewise. */
    public static String of(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Most have nothing to escape: printable ASCII without a backslash. */
    private static boolean isPlain(byte[] path) {
        for (byte b : path) {
            if (b < ' ' || b == 0x7f || b == '\\') {
                return false;
            }
        }
        return true;
    }

    /** Whether the bytes are text in UTF-8. */
    public static boolean isText(byte[] path) {
        return Arrays.equals(new String(path, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8), path);
    }

    /** What has no look of its own: it turns the writing around, ends the line, or cannot be seen. */
    private static boolean isUnseen(int c) {
        int type = Character.getType(c);
        return type == Character.CONTROL
                || type == Character.FORMAT
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR;
    }
}
