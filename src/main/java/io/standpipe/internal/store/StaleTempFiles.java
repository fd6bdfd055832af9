// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.store;

import io.standpipe.internal.sys.DirectoryReader;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.Stat;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import java.util.HexFormat;
import java.util.Random;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The temporary files in which images are written, and the removal of those whose writer was killed. A writer holds a lock on
 * its file as long as it lives; a file without a lock is stale, if it is a regular file of the same user with this one name.
 *
 * <p>A file without any name (O_TMPFILE) would leave nothing, but not every file system has those, and none can give such a
 * file a name that is in use.
 */
final class StaleTempFiles {

    private static final int OWNER_ONLY = 0600;
    private static final String PREFIX = ".standpipe-";
    private static final String SUFFIX = ".tmp";
    private static final Pattern NAME = Pattern.compile("\\.standpipe-[0-9a-f]{16}\\.tmp");

    private StaleTempFiles() {}

    /**
     * Returns a name that hardly another writer has. The name need not be a secret, since no file that has it is ever opened,
     * and a JVM's first random number that is fit for a key takes 20 ms.
     */
    static String newName() {
        return PREFIX + HexFormat.of().toHexDigits(new Random().nextLong()) + SUFFIX;
    }

    /**
     * Creates a file, and locks it.
     *
     * @return null if another name is to be tried: the name is in use, or another process took the file for a stale one before
     *     it was locked
     */
    static @Nullable Fd create(int directory, String name) throws ErrnoException {
        Fd file = createNew(directory, name);
        if (file == null) {
            return null;
        }
        boolean ours = false;
        try {
            ours = isLocked(file) && Stat.of(file.number()).links() > 0;
            return ours ? file : null;
        } catch (ErrnoException e) {
            FileCalls.unlink(directory, name);
            throw e;
        } finally {
            if (!ours) {
                file.close();
            }
        }
    }

    private static @Nullable Fd createNew(int directory, String name) throws ErrnoException {
        try {
            return FileCalls.open(
                    directory, name, Flags.O_WRONLY | Flags.O_CREAT | Flags.O_EXCL | Flags.oNoFollow(), OWNER_ONLY);
        } catch (ErrnoException e) {
            if (e.errno() == Errno.EEXIST) {
                return null;
            }
            throw e;
        }
    }

    /** Where the file system has no locks, no other process gets one either, and no file is removed. */
    private static boolean isLocked(Fd file) {
        try {
            return FileCalls.lockExclusively(file.number());
        } catch (ErrnoException e) {
            return true;
        }
    }

    /**
     * Removes the stale files of a directory.
     *
     * @param own a file that this process created there: only files of its owner are removed
     * @param ownName the name of that file, which stays even if it has no lock
     */
    static void remove(Fd directory, Fd own, String ownName) {
        try {
            int owner = Stat.of(own.number()).uid();
            for (String name : DirectoryReader.namesWithPrefix(directory.number(), PREFIX)) {
                if (!name.equals(ownName) && NAME.matcher(name).matches()) {
                    removeIfStale(directory, name, owner);
                }
            }
        } catch (ErrnoException e) {
            // A checkpoint does not fail because an earlier one did.
            System.getLogger(StaleTempFiles.class.getName()).log(System.Logger.Level.DEBUG, "left-overs stay", e);
        }
    }

    /** Unlinks the file while it is locked here, so that a writer that has just created it notices. */
    private static void removeIfStale(Fd directory, String name, int owner) {
        try (Fd path = FileCalls.open(directory.number(), name, Flags.O_PATH | Flags.oNoFollow(), 0)) {
            Stat stat = Stat.of(path.number());
            if (!stat.isRegular() || stat.uid() != owner || stat.links() != 1) {
                return;
            }
            try (Fd file = FileCalls.reopen(path.number(), Flags.O_RDONLY | Flags.O_NONBLOCK)) {
                if (FileCalls.lockShared(file.number())) {
                    FileCalls.unlink(directory.number(), name);
                }
            }
        } catch (ErrnoException e) {
            // Its writer has just finished, or another process has removed it.
            System.getLogger(StaleTempFiles.class.getName()).log(System.Logger.Level.DEBUG, "left-over stays: " + name, e);
        }
    }
}
