// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.proc;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** This kernel: what it is, and the limits that it sets for pipes. */
public final class KernelLimits {

    public static final String PIPE_MAX_SIZE = "/proc/sys/fs/pipe-max-size";
    public static final String PIPE_USER_PAGES_SOFT = "/proc/sys/fs/pipe-user-pages-soft";
    public static final String PIPE_USER_PAGES_HARD = "/proc/sys/fs/pipe-user-pages-hard";
    public static final String PTRACE_SCOPE = "/proc/sys/kernel/yama/ptrace_scope";

    private static final int LONGEST = 4096;
    private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+)(?:\\.(\\d+))?.*");

    private KernelLimits() {}

    /** Major, minor and patch number of a release; 0 where there is none. */
    public static int[] releaseNumbers(String release) {
        Matcher matcher = VERSION.matcher(release);
        if (!matcher.matches()) {
            return new int[3];
        }
        return new int[] {
            Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)),
            matcher.group(3) == null ? 0 : Integer.parseInt(matcher.group(3))
        };
    }

    /** A limit, or empty where this kernel has none of the name or does not tell it. */
    public static OptionalLong limit(String path) {
        try {
            return OptionalLong.of(Long.parseLong(read(path)));
        } catch (IOException | NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    /** In one read: what is left of a number after a first, shorter one is never told. */
    private static String read(String path) throws IOException {
        try (InputStream in = new FileInputStream(path)) {
            byte[] bytes = new byte[LONGEST];
            int length = in.read(bytes);
            return new String(bytes, 0, Math.max(0, length), StandardCharsets.UTF_8).trim();
        }
    }
}
