// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The name of a kernel (struct utsname).
 *
 * @param release such as {@code 6.18.44}
 * @param version such as {@code #1 SMP PREEMPT_DYNAMIC}
 */
public record Uname(String release, String version) {

    private static final int FIELD_LENGTH = 65;
    private static final int RELEASE = 2 * FIELD_LENGTH;
    private static final int VERSION = 3 * FIELD_LENGTH;
    static final int LENGTH = 6 * FIELD_LENGTH;

    static Uname read(ByteBuffer utsname) {
        return new Uname(field(utsname, RELEASE), field(utsname, VERSION));
    }

    private static String field(ByteBuffer utsname, int offset) {
        byte[] bytes = new byte[FIELD_LENGTH];
        utsname.get(offset, bytes);
        int length = 0;
        while (length < FIELD_LENGTH && bytes[length] != 0) {
            length++;
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }
}
