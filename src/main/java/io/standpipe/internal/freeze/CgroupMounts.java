// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.freeze;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Where the hierarchies of cgroups are mounted. */
public final class CgroupMounts {

    private static final Pattern ESCAPED = Pattern.compile("\\\\([0-7]{3})");
    private static final int MOUNT_POINT = 4;

    private CgroupMounts() {}

    /**
     * Finds a hierarchy.
     *
     * @param second that of version 2, or version 1's with the freezer controller
     * @return null if it is not mounted
     */
    static Path find(boolean second) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/mountinfo"), StandardCharsets.ISO_8859_1)) {
            int dash = line.indexOf(" - ");
            String[] behind = line.substring(dash + 3).split(" ");
            boolean matches = second
                    ? behind[0].equals("cgroup2")
                    : behind[0].equals("cgroup") && List.of(behind[2].split(",")).contains("freezer");
            if (matches) {
                return Path.of(unescaped(line.split(" ")[MOUNT_POINT]));
            }
        }
        return null;
    }

    /** Blanks and the like are told as a backslash and three octal digits. */
    private static String unescaped(String text) {
        return ESCAPED.matcher(text).replaceAll(CgroupMounts::character);
    }

    private static String character(MatchResult match) {
        String character = String.valueOf((char) Integer.parseInt(match.group(1), 8));
        return character.equals("\\") ? "\\\\" : character;
    }
}
