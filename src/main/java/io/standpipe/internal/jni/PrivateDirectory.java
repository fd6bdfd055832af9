// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.jni;

import java.io.FileInputStream;
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
import org.jspecify.annotations.Nullable;

/**
 * A directory in which no other user can replace a file of this user: this user owns it, nobody else may enter it, and in no
 * directory on the path from the root can another user rename what is not theirs.
 */
final class PrivateDirectory {

    private static final int OTHERS_WRITE = 0002;
    private static final int GROUP_WRITES = 0020;
    private static final int STICKY = 01000;
    private static final int PERMISSIONS = 0777;
    private static final int OWNER_ONLY = 0700;
    private static final FileAttribute<Set<PosixFilePermission>> FOR_OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final int MOST_TRIES = 100;

    private PrivateDirectory() {}

    /**
     * Creates a directory with a random name.
     *
     * @param parent where to create it
     * @return its path, without links
     * @throws IOException if the directory cannot be created, or if another user could replace it; then nothing is left behind
     */
    static Path createIn(Path parent) throws IOException {
        Path realParent = parent.toRealPath();
        Path directory = create(realParent);
        boolean trusted = false;
        try {
            check(realParent, directory);
            trusted = true;
            return directory;
        } finally {
            if (!trusted) {
                Files.delete(directory);
            }
        }
    }

    /** Creates the directory. Its name need not be secret, and Files.createTempDirectory needs 30 ms for its first secret one. */
    private static Path create(Path parent) throws IOException {
        Random random = new Random();
        for (int i = 1; ; i++) {
            try {
                return Files.createDirectory(
                        parent.resolve("standpipe" + Long.toUnsignedString(random.nextLong())), FOR_OWNER_ONLY);
            } catch (FileAlreadyExistsException e) {
                if (i == MOST_TRIES) {
                    throw e;
                }
            }
        }
    }

    private static void check(Path parent, Path directory) throws IOException {
        int ownUid = ownId("Uid:");
        if (attribute(directory, "uid") != ownUid || (attribute(directory, "mode") & PERMISSIONS) != OWNER_ONLY) {
            throw new IOException("directory " + directory + " was changed by somebody else");
        }
        for (Path above = parent; above != null; above = above.getParent()) {
            String reason = reason(above, ownUid);
            if (reason != null) {
                throw new IOException("directory " + above + ": " + reason + ", who could put another library in place of ours");
            }
        }
    }

    /** Returns why other users could rename entries of a directory, or null if they cannot. The root's owner always can. */
    private static @Nullable String reason(Path directory, int ownUid) throws IOException {
        int mode = attribute(directory, "mode");
        int owner = attribute(directory, "uid");
        if (owner != ownUid && owner != 0 && owner != attribute(Path.of("/"), "uid")) {
            return "it belongs to user " + Integer.toUnsignedString(owner);
        }
        if ((mode & STICKY) != 0) {
            return null;
        }
        if ((mode & OTHERS_WRITE) != 0) {
            return "it is writable for everybody (and not sticky)";
        }
        int group = attribute(directory, "gid");
        boolean foreign = group != 0 && group != ownId("Gid:");
        return (mode & GROUP_WRITES) != 0 && foreign
                ? "it is writable for group " + Integer.toUnsignedString(group) + " (and not sticky)"
                : null;
    }

    /** Returns this process's file system id, the last of a status line's four: the one that decides access to files. */
    private static int ownId(String field) throws IOException {
        // By a stream: a channel takes 40 classes more.
        String status;
        try (FileInputStream file = new FileInputStream("/proc/self/status")) {
            status = new String(file.readAllBytes(), StandardCharsets.ISO_8859_1);
        }
        int start = status.indexOf("\n" + field);
        if (start < 0) {
            throw new IOException("/proc/self/status has no " + field);
        }
        String line = status.substring(start + 1, status.indexOf('\n', start + 1));
        return Integer.parseUnsignedInt(line.substring(line.lastIndexOf('\t') + 1));
    }

    private static int attribute(Path path, String name) throws IOException {
        return (int) Files.getAttribute(path, "unix:" + name, LinkOption.NOFOLLOW_LINKS);
    }
}
