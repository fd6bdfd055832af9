// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.store;

import io.standpipe.Durability;
import io.standpipe.StandpipeException;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.PathFailures;
import io.standpipe.internal.sys.Stat;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * An image file being written: a temporary file in the directory of the final name, readable by its owner alone, which gets the
 * final name only when it is complete and, unless chosen otherwise, on the medium. If it is closed before that, the temporary file is removed.
 */
public final class AtomicImageFile implements AutoCloseable {

    private final Path target;
    private final Durability durability;
    private final Fd directory;
    private final String temporaryName;
    private final Fd file;
    private final ImageFileOutput body;
    private boolean committed;

    private AtomicImageFile(Path target, Durability durability, Fd directory, String temporaryName, Fd file) {
        this.target = target;
        this.durability = durability;
        this.directory = directory;
        this.temporaryName = temporaryName;
        this.file = file;
        body = new ImageFileOutput(file, durability, "image " + target);
    }

    /**
     * Creates the temporary file, and removes those whose writers were killed.
     *
     * @param target where the image is to be; a regular file there is replaced
     * @param durability what the image is to survive once it has its name
     */
    public static AtomicImageFile create(Path target, Durability durability) throws StandpipeException {
        Path fileName = target.getFileName();
        if (fileName == null || fileName.toString().isEmpty()) {
            throw new StandpipeException("image \"" + target + "\": the path names no file");
        }
        Path parent = target.getParent();
        String directoryName = parent == null ? "." : parent.toString();
        Fd directory = null;
        boolean created = false;
        try {
            // O_NONBLOCK: what has the directory's name may be a FIFO.
            directory = FileCalls.open(
                    FileCalls.CURRENT_DIRECTORY, directoryName, Flags.O_RDONLY | Flags.O_NONBLOCK, 0);
            checkReplaceable(directory, target);
            AtomicImageFile image = create(target, durability, directory);
            created = true;
            return image;
        } catch (ErrnoException e) {
            throw PathFailures.creating("image " + target, target, e);
        } finally {
            if (directory != null && !created) {
                directory.close();
            }
        }
    }

    private static void checkReplaceable(Fd directory, Path target) throws StandpipeException, ErrnoException {
        Stat stat = Stat.ofName(directory.number(), target.getFileName().toString());
        if (stat != null && !stat.isRegular()) {
            throw new StandpipeException("image " + target + ": " + stat.kind() + " has this name, which is not replaced"
                    + (stat.isLink() ? DescriptorLink.remedy(target) : stat.isDirectory() ? "; name a file in it"
                            : "; an image goes there by --output - > " + target + " (in the library, Checkpoint.streamTo)"));
        }
    }

    private static AtomicImageFile create(Path target, Durability durability, Fd directory) throws ErrnoException {
        String name;
        Fd file;
        do {
            name = StaleTempFiles.newName();
            file = StaleTempFiles.create(directory.number(), name);
        } while (file == null);
        StaleTempFiles.remove(directory, file, name);
        return new AtomicImageFile(target, durability, directory, name, file);
    }

    /** Returns where the image's bytes are to be written. */
    public ImageFileOutput body() {
        return body;
    }

    /** Returns how the image comes to be where it is wanted. */
    public String describe() {
        Path parent = target.toAbsolutePath().getParent();
        String system;
        try {
            system = Files.getFileStore(parent == null ? target : parent).type();
        } catch (IOException e) {
            system = "a file system";
        }
        return "the image is written to a temporary file of mode 0600 in the same directory, on " + system
                + ", and gets its name when it is " + (isSynced() ? "on the medium" : "whole, without a sync: that was asked for");
    }

    private boolean isSynced() {
        return durability != Durability.NONE;
    }

    /** Gives the file its final name, unless chosen otherwise when what was written is on the medium. */
    public void commit() throws StandpipeException {
        try {
            body.finish();
            if (isSynced()) {
                FileCalls.syncData(file.number());
            }
            FileCalls.rename(directory.number(), temporaryName, target.getFileName().toString());
            committed = true;
            if (isSynced()) {
                syncDirectory();
            }
        } catch (ErrnoException e) {
            throw Failures.of("image " + target, e);
        }
    }

    private void syncDirectory() throws ErrnoException {
        try {
            FileCalls.sync(directory.number());
        } catch (ErrnoException e) {
            // EINVAL: this file system cannot sync a directory, and the rename is as durable as it gets.
            if (e.errno() != Errno.EINVAL) {
                throw e;
            }
        }
    }

    @Override
    public void close() {
        try {
            if (!committed) {
                FileCalls.unlink(directory.number(), temporaryName);
            }
        } catch (ErrnoException e) {
            System.getLogger(AtomicImageFile.class.getName())
                    .log(System.Logger.Level.WARNING, "left behind beside " + target + ": " + temporaryName, e);
        } finally {
            body.close();
            file.close();
            directory.close();
        }
    }
}
