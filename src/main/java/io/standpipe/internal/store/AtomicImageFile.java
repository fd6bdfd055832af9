// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.store;

import io.standpipe.StandpipeException;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.Stat;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;


import java.nio.file.Path;

/**
 * An image being written: a temporary file in the folder of the final name, readable by its owner alone, which gets that
 * name only when it is whole and on the medium. Closed before that, it is gone.
 */
public final class AtomicImageFile implements AutoCloseable {

    private final Path target;
    private final String name;
    private final String temporaryName;
    private final Fd folder;
    private final Fd file;
    private final ImageFileOutput body;
    private boolean committed;

    private AtomicImageFile(Path target, String name, String temporaryName, Fd folder, Fd file) {
        this.target = target;
        this.name = name;
        this.temporaryName = temporaryName;
        this.folder = folder;
        this.file = file;
        body = new ImageFileOutput(file, "image " + target);
    }

    public static AtomicImageFile create(Path target) throws StandpipeException {
        Path fileName = target.getFileName();
        if (fileName == null || fileName.toString().isEmpty()) {
            throw new StandpipeException("image \"" + target + "\": the path names no file");
        }
        Path parent = target.getParent();
        String folderName = parent == null ? "." : parent.toString();
        Fd folder = null;
        boolean created = false;
        try {
            // Without waiting: what is named as the folder may be a FIFO.
            folder = FileCalls.open(
                    FileCalls.CURRENT_FOLDER, folderName, Flags.O_RDONLY | Flags.O_NONBLOCK, 0);
            requireNoOther(folder, fileName.toString(), target);
            Stat stat = new Stat();
            String temporaryName;
            Fd file;
            do {
                temporaryName = StaleTempFiles.newName();
                file = StaleTempFiles.create(folder.number(), temporaryName, stat);
            } while (file == null);
            created = true;
            StaleTempFiles.remove(folder, stat.uid(), temporaryName);
            return new AtomicImageFile(target, fileName.toString(), temporaryName, folder, file);
        } catch (ErrnoException e) {
            throw Failures.of("image " + target + ": cannot create a file in folder " + folderName, e);
        } finally {
            if (folder != null && !created) {
                folder.close();
            }
        }
    }

    private static void requireNoOther(Fd folder, String name, Path target) throws StandpipeException, ErrnoException {
        Stat stat = new Stat();
        if (stat.readIfThere(folder.number(), name) && !stat.isRegular()) {
            throw new StandpipeException("image " + target + ": something else than a regular file has this name");
        }
    }

    /** Where the image's bytes go. */
    public ImageFileOutput body() {
        return body;
    }

    /** Makes what was written durable, and gives it its name. */
    public void commit() throws StandpipeException {
        try {
            body.finish();
            FileCalls.syncData(file.number());
            FileCalls.rename(folder.number(), temporaryName, name);
            committed = true;
            syncFolder();
        } catch (ErrnoException e) {
            throw Failures.of("image " + target, e);
        }
    }

    private void syncFolder() throws ErrnoException {
        try {
            FileCalls.sync(folder.number());
        } catch (ErrnoException e) {
            // Some file systems cannot sync a folder and say so: there the rename is as durable as it gets.
            if (e.errno() != Errno.EINVAL) {
                throw e;
            }
        }
    }

    @Override
    public void close() {
        try {
            if (!committed) {
                FileCalls.unlink(folder.number(), temporaryName);
            }
        } catch (ErrnoException e) {
            System.getLogger(AtomicImageFile.class.getName())
                    .log(System.Logger.Level.WARNING, "left behind beside " + target + ": " + temporaryName, e);
        } finally {
            body.close();
            file.close();
            folder.close();
        }
    }
}
