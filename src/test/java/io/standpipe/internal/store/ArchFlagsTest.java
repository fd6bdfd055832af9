// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArchFlagsTest {

    @ParameterizedTest
    @CsvSource({"0044001, 0204001", "0204001, 0044001", "0100000, 0400000", "0020000, 0020000"})
    void swappedExchangesTheFlagsOfTheTwoArchitecturesOnly(String octalFlags, String octalSwapped) {
        assertEquals(Integer.parseInt(octalSwapped, 8), ArchFlags.swapped(Integer.parseInt(octalFlags, 8)));
    }
}
