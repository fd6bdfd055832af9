// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import io.standpipe.StandpipeException;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Finds out why a file that the caller named could not be opened or made: which part of its path is in the way, and of what kind it is. */
public final class PathFailures {

    private static final int MOST_NAME_BYTES = 255;
    private static final int MOST_PATH_BYTES = 4095;

    private PathFailures() {}

    /**
     * Returns the exception for a file that cannot be read.
     *
     * @param what the beginning of its message
     */
    public static StandpipeException reading(String what, Path path, ErrnoException cause) {
        String reason = onTheWay(path, cause);
        if (reason == null && cause.errno() == Errno.ENOENT) {
            reason = "there is no such file";
        }
        if (reason == null && cause.errno() == Errno.EACCES) {
            reason = "not readable by you" + owner(path);
        }
        return Failures.of(what, reason == null ? Reasons.of(cause) : reason, cause);
    }

    /**
     * Returns the exception for a file that cannot be made.
     *
     * @param what the beginning of its message
     */
    public static StandpipeException creating(String what, Path path, ErrnoException cause) {
        String reason = onTheWay(path, cause);
        return Failures.of(what, reason == null ? inDirectory(directory(path), cause) : reason, cause);
    }

    /**
     * Returns the exception for a directory that cannot be opened.
     *
     * @param what the beginning of its message
     */
    public static StandpipeException directory(String what, Path path, ErrnoException cause) {
        String reason = onTheWay(path.resolve("any"), cause);
        return Failures.of(what, reason == null ? Reasons.of(cause) : reason, cause);
    }

    /** Returns the directory that a file is in. */
    private static Path directory(Path path) {
        return path.getParent() == null ? Path.of(".") : path.getParent();
    }

    private static String inDirectory(Path directory, ErrnoException cause) {
        return switch (cause.errno()) {
            case Errno.EACCES, Errno.EPERM -> isRoot() ? "directory " + directory + " takes no new files" : "you may not make files in directory " + directory + owner(directory);
            case Errno.ENOENT -> "directory " + directory + " takes no new files";
            case Errno.EROFS -> "the file system of directory " + directory + " is read-only";
            case Errno.ENOSPC -> "no space is left on the file system of directory " + directory;
            case Errno.EDQUOT -> "your disk quota on the file system of directory " + directory + " is used up";
            default -> "cannot make a file in directory " + directory + ": " + Reasons.of(cause);
        };
    }

    /** Returns what is wrong with the path itself, or null if it is neither too long, nor its directories are in the way. */
    private static @Nullable String onTheWay(Path path, ErrnoException cause) {
        return switch (cause.errno()) {
            case Errno.ENAMETOOLONG -> tooLong(path);
            case Errno.ENOENT, Errno.ENOTDIR, Errno.ELOOP, Errno.EACCES -> firstObstacle(path);
            default -> null;
        };
    }

    private static String tooLong(Path path) {
        for (Path name : path) {
            int bytes = name.toString().getBytes(StandardCharsets.UTF_8).length;
            if (bytes > MOST_NAME_BYTES) {
                return "a name of " + bytes + " bytes is too long, expected at most " + MOST_NAME_BYTES;
            }
        }
        int bytes = path.toString().getBytes(StandardCharsets.UTF_8).length;
        return "a path of " + bytes + " bytes is too long, expected at most " + MOST_PATH_BYTES;
    }

    private static @Nullable String firstObstacle(Path path) {
        Path root = path.getRoot();
        Path parent = path.getParent();
        if (parent == null) {
            return null;
        }
        for (int names = 1; names <= parent.getNameCount(); names++) {
            Path part = parent.subpath(0, names);
            String obstacle = obstacle(root == null ? part : root.resolve(part));
            if (obstacle != null) {
                return obstacle;
            }
        }
        return null;
    }

    private static @Nullable String obstacle(Path directory) {
        if (Files.isDirectory(directory)) {
            return Files.isExecutable(directory) ? null : "directory " + directory + " may not be entered by you" + owner(directory);
        }
        if (Files.isSymbolicLink(directory)) {
            return directory + " is a symbolic link that leads to no directory";
        }
        if (Files.notExists(directory)) {
            return "there is no directory " + directory;
        }
        return Files.exists(directory) ? directory + " is no directory" : null;
    }

    /** Returns whether this is a user to whom no owner may forbid anything: then the file system does. */
    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    /** Returns whose file it is, and so who may do what this user may not; to follow a reason. */
    private static String owner(Path path) {
        try {
            return ": it belongs to user " + Files.getOwner(path, LinkOption.NOFOLLOW_LINKS).getName() + "; run as that one, or as root";
        } catch (IOException e) {
            return ": run as its owner, or as root";
        }
    }
}
