// SPDX-License-Identifier: Apache-2.0
package io.standpipe.testkit;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Numeric settings of the kernel. One read returns the whole number. */
public final class Sysctl {

    public static final String PIPE_MAX_SIZE = "/proc/sys/fs/pipe-max-size";

    private Sysctl() {}

    public static long number(String path) throws IOException {
        byte[] text = new byte[64];
        try (InputStream in = new FileInputStream(path)) {
            int length = in.read(text);
            return Long.parseLong(new String(text, 0, length, StandardCharsets.US_ASCII).trim());
        }
    }
}
