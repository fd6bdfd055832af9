// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.proc;

import java.io.IOException;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The release of the running kernel, and limits that it sets. */
public final class KernelLimits {

    public static final String PIPE_MAX_SIZE = "/proc/sys/fs/pipe-max-size";
    public static final String PIPE_USER_PAGES_SOFT = "/proc/sys/fs/pipe-user-pages-soft";
    public static final String PIPE_USER_PAGES_HARD = "/proc/sys/fs/pipe-user-pages-hard";
    public static final String PTRACE_SCOPE = "/proc/sys/kernel/yama/ptrace_scope";

    private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+)(?:\\.(\\d+))?.*");

    private KernelLimits() {}

    /** Returns the major, minor and patch number of a release such as 6.1.0-13-amd64; 0 for what it has not. */
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

    /** Returns whether a release is not older than a version such as 6.9. */
    public static boolean isAtLeast(String release, String version) {
        int[] has = releaseNumbers(release);
        int[] wanted = releaseNumbers(version);
        return has[0] > wanted[0] || has[0] == wanted[0] && has[1] >= wanted[1];
    }

    /** Returns the value of a limit; empty if this kernel has none at the path, or this process may not read it. */
    public static OptionalLong limit(String path) {
        try {
            return OptionalLong.of(Long.parseLong(ProcFile.readLine(path)));
        } catch (IOException | NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    /** Returns the kernel's estimate of the memory that is available, in bytes; {@link Long#MAX_VALUE} if it has none. */
    public static long availableMemoryBytes() {
        try {
            return Long.parseLong(ProcFile.readField("/proc/meminfo", "MemAvailable:").replace("kB", "").trim()) * 1024;
        } catch (IOException | NumberFormatException e) {
            System.getLogger(KernelLimits.class.getName())
                    .log(System.Logger.Level.DEBUG, "cannot tell what memory is available", e);
            return Long.MAX_VALUE;
        }
    }
}
