// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.proc;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Whether processes can be frozen by a hierarchy of cgroups.
 *
 * @param mount where the hierarchy is mounted; null if it is not
 * @param control the file that freezes one of its cgroups; null if none has such a file
 */
public record CgroupFreezer(boolean isV2, @Nullable Path mount, @Nullable Path control) {

    /** The file of version 2 (Linux 5.2). Its root has none. */
    public static final String FREEZE = "cgroup.freeze";

    /** Looks for the hierarchy of version 2, or of version 1's freezer controller, and for a cgroup of it. */
    public static CgroupFreezer find(boolean isV2) throws IOException {
        Path mount = CgroupDirectory.mounts(isV2).stream().map(CgroupDirectory.Mount::point).findFirst().orElse(null);
        return new CgroupFreezer(isV2, mount, mount == null ? null : control(mount, isV2 ? FREEZE : CgroupDirectory.FREEZER_STATE));
    }

    private static @Nullable Path control(Path mount, String name) {
        try (DirectoryStream<Path> cgroups = Files.newDirectoryStream(mount, Files::isDirectory)) {
            Path found = Files.exists(mount.resolve(name)) ? mount.resolve(name) : null;
            for (Path cgroup : cgroups) {
                Path control = cgroup.resolve(name);
                if (found == null || !Files.isWritable(found) && Files.isWritable(control)) {
                    found = Files.exists(control) ? control : found;
                }
            }
            return found;
        } catch (IOException e) {
            return null;
        }
    }

    /** Returns whether this process may freeze a cgroup of the hierarchy. */
    public boolean isUsable() {
        return control != null && Files.isWritable(control);
    }

    /** Returns what was found, such as {@code version 2 at /sys/fs/cgroup}. */
    public String describe() {
        return (isV2 ? "version 2" : "version 1") + (mount == null ? " is not mounted"
                : control == null ? " has no cgroup that can be frozen"
                : isUsable() ? " at " + mount
                : " may not be written");
    }
}
