// SPDX-License-Identifier: Apache-2.0
package io.standpipe.testkit;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.standpipe.internal.proc.ProcessStatus;
import io.standpipe.internal.sys.FileDescriptionCalls;
import io.standpipe.internal.sys.ProcessCalls;
import io.standpipe.pipe.ErrnoException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/**
 * The version and the configuration of the running kernel. A test of what docs/PLATFORMS.md says for a version on asks for the version,
 * and asserts on kernels before it what is the case there; it does not try whether the kernel can do it.
 */
public final class Kernel {

    private static final Path RELEASE = Path.of("/proc/sys/kernel/osrelease");
    private static final Path CONFIGURATION = Path.of("/proc/config.gz");
    private static final Pattern NUMBERS = Pattern.compile("(\\d+)\\.(\\d+)");

    private Kernel() {}

    /** Returns whether the kernel is of this version or a later one. */
    public static boolean isAtLeast(int major, int minor) {
        MatchResult found = NUMBERS.matcher(release()).results().findFirst().orElseThrow();
        int runningMajor = Integer.parseInt(found.group(1));
        return runningMajor > major || runningMajor == major && Integer.parseInt(found.group(2)) >= minor;
    }

    /** Skips the test on kernels before a version, where what it tests does not exist and nothing else takes its place. */
    public static void assumeAtLeast(int major, int minor, String what) {
        assumeTrue(isAtLeast(major, minor), "before Linux " + major + "." + minor + ": " + what);
    }

    /** Skips the test if the kernel's configuration says that it was built without an option. One that is not published has it. */
    public static void assumeConfigured(String option) throws IOException {
        String name = "CONFIG_" + option;
        String configuration = configuration();
        assumeTrue(configuration.isEmpty() || configuration.lines().anyMatch(line -> line.startsWith(name + "=")),
                "the kernel is built without " + name);
    }

    /**
     * Returns whether the kernel compares open file descriptions by kcmp. A kernel that is known to be built with it must have it, unless
     * a seccomp filter takes it away, as for a try of what happens without it.
     */
    public static boolean hasKcmp() throws IOException {
        int pid = ProcessCalls.pid();
        try {
            FileDescriptionCalls.isSame(pid, 0, pid, 0);
            return true;
        } catch (ErrnoException e) {
            assertTrue(FileDescriptionCalls.isRefused(e), e::toString);
            assertFalse(configuration().contains("\nCONFIG_KCMP=y") && !ProcessStatus.isFiltered(), "the kernel is built with CONFIG_KCMP, and kcmp fails");
            return false;
        }
    }

    private static String configuration() throws IOException {
        if (Files.exists(CONFIGURATION)) {
            try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(Files.readAllBytes(CONFIGURATION)))) {
                return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
            }
        }
        Path installed = Path.of("/boot/config-" + release());
        return Files.isReadable(installed) ? Files.readString(installed) : "";
    }

    private static String release() {
        try {
            return Files.readString(RELEASE).strip();
        } catch (IOException e) {
            throw new AssertionError("cannot read " + RELEASE, e);
        }
    }
}
