// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.proc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
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
    private static final int ROOT = 3;
    private static final int MOUNT_POINT = 4;
    /** How the name of a cgroup begins that is not below the root of this process's namespace. */
    private static final String OUTSIDE = "/..";
    private static final char UNINTERRUPTIBLE = 'D';

    private CgroupDirectory() {}

    /**
     * A mounted hierarchy. In a container it often begins at the cgroup of the container.
     *
     * @param root the cgroup that is at the mount point
     * @param point where it is mounted
     */
    public record Mount(String root, Path point) {

        /** Returns where a cgroup is below the mount point; null if it is not below the root. */
        @Nullable Path directory(String cgroup) {
            String below = root.equals("/") ? cgroup : cgroup.equals(root) || cgroup.startsWith(root + "/")
                    ? cgroup.substring(root.length()) : OUTSIDE;
            return below.startsWith(OUTSIDE) ? null : below.length() <= 1 ? point : point.resolve(below.substring(1));
        }
    }

    /**
     * Returns the directory of a process's cgroup; null if it is in none, or in one that is not mounted here.
     *
     * @throws NoSuchFileException if the process has ended
     */
    public static @Nullable Path of(int pid, boolean isV2) throws IOException {
        for (String line : ProcFile.readLines("/proc/" + pid + "/cgroup")) {
            String[] fields = line.split(":", 3);
            if (isV2 ? fields[0].equals("0") : List.of(fields[1].split(",")).contains("freezer")) {
                for (Mount mount : mounts(isV2)) {
                    Path directory = mount.directory(fields[2]);
                    if (directory != null && Files.isDirectory(directory)) {
                        return directory;
                    }
                }
            }
        }
        return null;
    }

    /** Returns the mounts of the hierarchy of version 2, or of version 1's freezer controller. */
    public static List<Mount> mounts(boolean isV2) throws IOException {
        List<Mount> mounts = new ArrayList<>(1);
        for (String line : ProcFile.readLines("/proc/self/mountinfo")) {
            String[] behind = line.substring(line.indexOf(" - ") + " - ".length()).split(" ");
            boolean matches = isV2
                    ? behind[0].equals("cgroup2")
                    : behind[0].equals("cgroup") && List.of(behind[2].split(",")).contains("freezer");
            if (matches) {
                String[] fields = line.split(" ");
                mounts.add(new Mount(unescaped(fields[ROOT]), Path.of(unescaped(fields[MOUNT_POINT]))));
            }
        }
        return mounts;
    }

    private static String unescaped(String field) {
        return ESCAPED.matcher(field).replaceAll(CgroupDirectory::unescaped);
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
