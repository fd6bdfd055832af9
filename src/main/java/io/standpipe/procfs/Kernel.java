// SPDX-License-Identifier: Apache-2.0
package io.standpipe.procfs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** This kernel: what it is, and the limits that it sets for pipes. */
public final class Kernel {

    public static final String PIPE_MAX_SIZE = "/proc/sys/fs/pipe-max-size";
    public static final String PIPE_USER_PAGES_SOFT = "/proc/sys/fs/pipe-user-pages-soft";
    public static final String PIPE_USER_PAGES_HARD = "/proc/sys/fs/pipe-user-pages-hard";
    public static final String PTRACE_SCOPE = "/proc/sys/kernel/yama/ptrace_scope";

    private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+)(?:\\.(\\d+))?.*");

    private Kernel() {}

    /** Release, such as 6.18.44. */
    public static String release() throws IOException {
        return read("/proc/sys/kernel/osrelease");
    }

    /** Version, such as #1 SMP PREEMPT_DYNAMIC. */
    public static String version() throws IOException {
        return read("/proc/sys/kernel/version");
    }

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

    private static String read(String path) throws IOException {
        return Files.readString(Path.of(path)).trim();
    }
}
