// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli.options;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ManPageEscapeTest {

    @Test
    void textIsEscapedForTroff() {
        assertEquals("\\&.so /etc/passwd", ManPage.escape(".so /etc/passwd"));
        assertEquals("\\(aqa\\(rsfB", ManPage.escape("'a\\fB"));
    }
}
