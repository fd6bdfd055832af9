// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SizesTest {

    @ParameterizedTest
    @ValueSource(longs = {0, 7, 999, 1000, 65_536, 999_999, 1_000_000, 1_234_567_890_123L, -1, -999, -1000, -123_456, Long.MAX_VALUE,
            Long.MIN_VALUE})
    void groupedEqualsTheFormatterOfTheJdk(long count) {
        assertEquals(String.format(Locale.ROOT, "%,d", count), Sizes.grouped(count));
    }

    @ParameterizedTest
    @CsvSource({"0,0 B", "1023,1023 B", "1024,1.0 KiB", "1587,1.5 KiB", "69734,68.1 KiB", "1048575,1024.0 KiB",
            "1048576,1.0 MiB", "1099511627776,1.0 TiB", "1125899906842624,1024.0 TiB"})
    void bytesUseTheLargestUnit(long bytes, String told) {
        assertEquals(told, Sizes.bytes(bytes));
    }

    @ParameterizedTest
    @CsvSource({"0,0 us", "446400,446 us", "446600,447 us", "999400,999 us", "1000000,1.0 ms", "19249000,19.2 ms", "19250000,19.3 ms",
            "999949000,999.9 ms", "1000000000,1.0 s", "61049000000,61.0 s"})
    void durationUsesTheLargestUnit(long nanos, String told) {
        assertEquals(told, Sizes.duration(Duration.ofNanos(nanos)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"1 | 1 pipe", "0 | 0 pipes", "2000 | 2,000 pipes"})
    void countHasNounInSingularOnlyForOne(long count, String told) {
        assertEquals(told, Sizes.count(count, "pipe"));
    }
}
