// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class FileNameRecordTest {

    @Test
    void namesOfTheSameBytesAreTheSame() {
        assertEquals(name("/tmp/fifo"), name("/tmp/fifo"));
        assertEquals(name("/tmp/fifo").hashCode(), name("/tmp/fifo").hashCode());
        assertEquals("FileNameRecord[path=/tmp/a\\x0ab]", name("/tmp/a\nb").toString());
    }

    @Test
    void namesOfOtherBytesAreOthers() {
        assertNotEquals(name("/tmp/fifo"), name("/tmp/fifa"));
        assertNotEquals(name("/tmp/fifo"), "/tmp/fifo");
    }

    private static FileNameRecord name(String path) {
        return new FileNameRecord(path.getBytes(StandardCharsets.UTF_8));
    }
}
