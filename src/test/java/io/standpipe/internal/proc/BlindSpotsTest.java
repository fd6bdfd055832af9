// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.proc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BlindSpotsTest {

    /** As fdinfo shows an io_uring before Linux 6.14, and since. */
    @ParameterizedTest
    @CsvSource({"'    0: ', true", "'    0: <none>', false", "'    0: pipe:[12]', false", "'    0: notes', false"})
    void registeredFileWithoutANameMayBeAPipe(String line, boolean isOpaque) {
        List<String> lines = List.of("pos:\t0", "SqThread:\t-1", "UserFiles:\t1", line, "UserBufs:\t0", "PollList:");
        assertEquals(isOpaque, BlindSpots.opaque("anon_inode:[io_uring]", lines) != null);
    }

    @ParameterizedTest
    @CsvSource({"scm_fds: 0, false", "scm_fds: 1, true", "'    0: ', false"})
    void descriptorsInFlightInASocketAreCounted(String line, boolean isOpaque) {
        assertEquals(isOpaque, BlindSpots.opaque("socket:[7]", List.of("pos:\t0", line)) != null);
    }
}
