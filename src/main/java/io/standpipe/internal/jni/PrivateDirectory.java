// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.jni;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Random;
import java.util.Set;

/**
 * A folder in which no other user can put a file in the place of one of ours: it is ours and nobody else may enter it, and
 * from the root down to it there is no folder in which others could change names that are not theirs.
 */
public final class PrivateDirectory {

    private static final int OTHERS_WRITE = 0002;
    private static final int GROUP_WRITES = 0020;
    private static final int STICKY = 01000;
    private static final int PERMISSIONS = 0777;
    private static final int OWNER_ONLY = 0700;
    private static final FileAttribute<Set<PosixFilePermission>> ONLY_OURS =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final int MOST_TRIES = 100;

    private PrivateDirectory() {}

    /**
     * A new folder below another one.
     *
     * @throws IOException if it cannot be made, or if others could change it; then it is gone again
     */
    static Path createIn(Path parent) throws IOException {
        Path real = parent.toRealPath();
        Path folder = create(real);
        boolean trusted = false;
        try {
            check(real, folder);
            trusted = true;
            return folder;
        } finally {
            if (!trusted) {
                Files.delete(folder);
            }
        }
    }

    /**
     * Makes one that is not there yet, for this user only. Its name need not be a secret, since nobody can put anything in its
     * place: the JDK's makes one of random numbers for keys, and a new JVM takes 30 ms to have these.
     */
    private static Path create(Path parent) throws IOException {
        Random random = new Random();
        FileAlreadyExistsException last = null;
        for (int i = 0; i < MOST_TRIES; i++) {
            try {
                return Files.createDirectory(
                        parent.resolve("standpipe" + Long.toUnsignedString(random.nextLong())), ONLY_OURS);
            } catch (FileAlreadyExistsException e) {
                last = e;
            }
        }
        throw last;
    }

    private static void check(Path parent, Path folder) throws IOException {
        int own = own("Uid:");
        if (attribute(folder, "uid") != own || (attribute(folder, "mode") & PERMISSIONS) != OWNER_ONLY) {
            throw new IOException("folder " + folder + " was changed by somebody else");
        }
        for (Path above = parent; above != null; above = above.getParent()) {
            String reason = reason(above, own);
            if (reason != null) {
                throw new IOException("folder " + above + ": " + reason + ", who could put another library in place of ours");
            }
        }
    }

    /** Why other users could change names in a folder; null if they cannot. The owner of the root can do so anyway. */
    private static String reason(Path folder, int own) throws IOException {
        int mode = attribute(folder, "mode");
        int owner = attribute(folder, "uid");
        if (owner != own && owner != 0 && owner != attribute(Path.of("/"), "uid")) {
            return "it belongs to user " + Integer.toUnsignedString(owner);
        }
        if ((mode & STICKY) != 0) {
            return null;
        }
        if ((mode & OTHERS_WRITE) != 0) {
            return "it is writable for everybody (and not sticky)";
        }
        int group = attribute(folder, "gid");
        boolean foreign = group != 0 && group != own("Gid:");
        return (mode & GROUP_WRITES) != 0 && foreign
                ? "it is writable for group " + Integer.toUnsignedString(group) + " (and not sticky)"
                : null;
    }

    /** The number by which this process's access to files is judged: the last of the four. */
    private static int own(String field) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"), StandardCharsets.ISO_8859_1)) {
            if (line.startsWith(field)) {
                return Integer.parseUnsignedInt(line.substring(line.lastIndexOf('\t') + 1));
            }
        }
        throw new IOException("/proc/self/status has no " + field);
    }

    private static int attribute(Path path, String name) throws IOException {
        return (int) Files.getAttribute(path, "unix:" + name, LinkOption.NOFOLLOW_LINKS);
    }
}
