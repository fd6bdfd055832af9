// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.store;

import io.standpipe.internal.sys.DirectoryNames;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.FileLock;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.Stat;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;


import java.util.HexFormat;
import java.util.Random;
import java.util.regex.Pattern;

/**
 * The files that images have while they are being written, and those of them whose writer was killed. A writer holds a lock on
 * its file for as long as it lives; who finds one without removes it, if it is a regular file of the same user with this one
 * name. A file without any name (O_TMPFILE) would leave nothing, but not every file system has those, and none can give such a
 * file a name that is taken.
 */
public final class StaleTempFiles {

    private static final int OWNER_ONLY = 0600;
    private static final String BEGIN = ".standpipe-";
    private static final String END = ".tmp";
    private static final Pattern NAME = Pattern.compile("\\.standpipe-[0-9a-f]{16}\\.tmp");

    private StaleTempFiles() {}

    /**
     * A name that hardly another writer has. It need not be a secret, since nothing that has it is ever opened, and a JVM's
     * first random number that is fit for a key takes 20 ms.
     */
    static String newName() {
        return BEGIN + HexFormat.of().toHexDigits(new Random().nextLong()) + END;
    }

    /**
     * A new file, locked; null if something has the name, or somebody took it for a left-over before it was locked, and another
     * name is to be tried.
     *
     * @param stat gets the file's status
     */
    static Fd create(int folder, String name, Stat stat) throws ErrnoException {
        Fd file = createNew(folder, name);
        if (file == null) {
            return null;
        }
        boolean ours = false;
        try {
            ours = isLocked(file) && stat.read(file.number()).links() > 0;
            return ours ? file : null;
        } catch (ErrnoException e) {
            FileCalls.unlink(folder, name);
            throw e;
        } finally {
            if (!ours) {
                file.close();
            }
        }
    }

    private static Fd createNew(int folder, String name) throws ErrnoException {
        try {
            return FileCalls.open(
                    folder, name, Flags.O_WRONLY | Flags.O_CREAT | Flags.O_EXCL | Flags.oNoFollow(), OWNER_ONLY);
        } catch (ErrnoException e) {
            if (e.errno() == Errno.EEXIST) {
                return null;
            }
            throw e;
        }
    }

    /** Where there are no locks nobody else gets one either, and nothing is removed. */
    private static boolean isLocked(Fd file) {
        try {
            return FileLock.takeExclusive(file.number());
        } catch (ErrnoException e) {
            return true;
        }
    }

    /**
     * Removes what was left in a folder.
     *
     * @param owner whom this process's files there belong to
     */
    static void remove(Fd folder, int owner, String ownName) {
        try {
            for (String name : DirectoryNames.beginningWith(folder.number(), BEGIN)) {
                // One's own may have got no lock.
                if (!name.equals(ownName) && NAME.matcher(name).matches()) {
                    removeAbandoned(folder, name, owner);
                }
            }
        } catch (ErrnoException e) {
            // A checkpoint does not fail because an earlier one did.
            System.getLogger(StaleTempFiles.class.getName()).log(System.Logger.Level.DEBUG, "left-overs stay", e);
        }
    }

    /**
     * Looked at before it is opened: what is no such file is none of our business. Removed while it is locked, so that whoever
     * is just creating it notices.
     */
    private static void removeAbandoned(Fd folder, String name, int owner) {
        try (Fd place = FileCalls.open(folder.number(), name, Flags.O_PATH | Flags.oNoFollow(), 0)) {
            Stat stat = new Stat().read(place.number());
            if (!stat.isRegular() || stat.uid() != owner || stat.links() != 1) {
                return;
            }
            try (Fd file = FileCalls.reopen(place.number(), Flags.O_RDONLY | Flags.O_NONBLOCK)) {
                if (FileLock.takeShared(file.number())) {
                    FileCalls.unlink(folder.number(), name);
                }
            }
        } catch (ErrnoException e) {
            // Its writer has just finished, or another one has removed it.
            System.getLogger(StaleTempFiles.class.getName()).log(System.Logger.Level.DEBUG, "left-over stays: " + name, e);
        }
    }
}
