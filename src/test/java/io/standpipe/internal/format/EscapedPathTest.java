// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EscapedPathTest {

    @ParameterizedTest
    @ValueSource(strings = {"/tmp/a b~!", "/\u00e4/\u65e5\u672c/\u0416", "/\ud83d\ude00", "/\ufffd", ""})
    void whatIsPrintableIsLeftAsItIs(String path) {
        assertEquals(path, EscapedPath.of(path.getBytes(UTF_8)));
    }

    @Test
    void aBackslashIsDoubled() {
        assertEquals("/a\\\\x0a", of("/a\\x0a"));
    }

    @Test
    void aNewLineIsEscaped() {
        assertEquals("/a\\x0ab", of("/a\nb"));
    }

    @Test
    void whatBeginsACommandToATerminalIsEscaped() {
        assertEquals("/\\x1b[2J", of("/\u001b[2J"));
    }

    @Test
    void theFirstAndTheLastControlCharacterAreEscaped() {
        assertEquals("/\\x01\\x1f \\x7f", of("/\u0001\u001f \u007f"));
    }

    @Test
    void aControlCharacterAboveAsciiIsEscaped() {
        assertEquals("/\\u0085\\u009b", of("/\u0085\u009b"));
    }

    @Test
    void whatTurnsTheWritingAroundIsEscaped() {
        assertEquals("/\\u202egnp.exe", of("/\u202egnp.exe"));
    }

    @Test
    void whatEndsALineOrAParagraphIsEscaped() {
        assertEquals("/\\u2028\\u2029", of("/\u2028\u2029"));
    }

    @Test
    void whatCannotBeSeenIsEscaped() {
        assertEquals("/\\u200b\\ufeff", of("/\u200b\ufeff"));
    }

    @Test
    void bytesThatAreNoTextAreEscaped() {
        assertEquals("/a\\xff\\x0a\\\\", EscapedPath.of(new byte[] {'/', 'a', (byte) 0xff, '\n', '\\'}));
    }

    /** Of a path that is no text no part is taken for text. */
    @Test
    void besideABrokenByteLettersAboveAsciiAreEscapedToo() {
        assertEquals("/\\xc3\\xa4\\xc3", EscapedPath.of(new byte[] {'/', (byte) 0xc3, (byte) 0xa4, (byte) 0xc3}));
    }

    /** A slash written in two bytes, and half of a surrogate pair: neither is UTF-8. */
    @Test
    void bytesThatOnlyLookLikeTextAreEscaped() {
        assertEquals("\\xc0\\xaf", EscapedPath.of(new byte[] {(byte) 0xc0, (byte) 0xaf}), "overlong");
        assertEquals("\\xed\\xa0\\x80", EscapedPath.of(new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80}), "surrogate");
    }

    private static String of(String path) {
        return EscapedPath.of(path.getBytes(UTF_8));
    }
}
