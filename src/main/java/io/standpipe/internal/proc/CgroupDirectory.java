// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.proc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where the cgroups are by which processes are frozen: those of version 2, or of version 1's freezer controller. */
public final class CgroupDirectory {

    /** The file of version 1's freezer. */
    public static final String FREEZER_STATE = "freezer.state";

    /** What {@link #FREEZER_STATE} says of a cgroup that is neither frozen nor about to be. */
    public static final String THAWED = "THAWED";

    private static final Pattern ESCAPED = Pattern.compile("\\\\([0-7]{3})");
    private static final int MOUNT_POINT = 4;
    private static final char UNINTERRUPTIBLE = 'D';

    private CgroupDirectory() {}

    /**
     * Returns the directory of a process's cgroup; null if it is in none, or that hierarchy is not mounted.
     *
     * @throws NoSuchFileException if the process has ended
     */
    public static @Nullable Path of(int pid, boolean isV2) throws IOException {
        for (String line : ProcFile.readLines("/proc/" + pid + "/cgroup")) {
            String[] fields = line.split(":", 3);
            boolean matches = isV2 ? fields[0].equals("0") : List.of(fields[1].split(",")).contains("freezer");
            Path mount = matches ? mountPoint(isV2) : null;
            if (mount != null) {
                return mount.resolve(fields[2].substring(1));
            }
        }
        return null;
    }

    /** Returns where the hierarchy of version 2, or of version 1's freezer controller, is mounted; null if it is not. */
    public static @Nullable Path mountPoint(boolean isV2) throws IOException {
        for (String line : ProcFile.readLines("/proc/self/mountinfo")) {
            String[] behind = line.substring(line.indexOf(" - ") + " - ".length()).split(" ");
            boolean matches = isV2
                    ? behind[0].equals("cgroup2")
                    : behind[0].equals("cgroup") && List.of(behind[2].split(",")).contains("freezer");
            if (matches) {
                return Path.of(ESCAPED.matcher(line.split(" ")[MOUNT_POINT]).replaceAll(CgroupDirectory::unescaped));
            }
        }
        return null;
    }

    /** Returns the character that mountinfo shows as a backslash and three octal digits, such as a blank. */
    private static String unescaped(MatchResult match) {
        String character = String.valueOf((char) Integer.parseInt(match.group(1), 8));
        return character.equals("\\") ? "\\\\" : character;
    }

    /**
     * Returns whether version 1's freezer has frozen a process or thread. What it froze sleeps uninterruptibly, wherever it slept
     * before; false if it has ended, or its cgroup is not to be seen here.
     */
    public static boolean isFrozenByV1(ProcessStatus status) throws IOException {
        if (status.state() != UNINTERRUPTIBLE) {
            return false;
        }
        try {
            Path directory = of(status.pid(), false);
            Path state = directory == null ? null : directory.resolve(FREEZER_STATE);
            return state != null && Files.exists(state) && !ProcFile.readLine(state.toString()).equals(THAWED);
        } catch (NoSuchFileException e) {
            return false;
        }
    }
}
