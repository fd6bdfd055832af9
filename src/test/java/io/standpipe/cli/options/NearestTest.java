// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli.options;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestTest {

    private static final List<String> WORDS = List.of("checkpoint", "restore", "swap", "list", "peek", "show", "check");

    @ParameterizedTest
    @CsvSource({
        "chekpoint, checkpoint", "checkpiont, checkpoint", "restroe, restore", "resto, restore", "lst, list", "pek, peek", "swpa, swap",
        "showw, show", "frobnicate,", "x,", "ls,", "shut,", "'',"})
    void wordThatWasMeantIsFound(String typed, String meant) {
        assertEquals(meant, Nearest.to(typed, WORDS));
    }
}
