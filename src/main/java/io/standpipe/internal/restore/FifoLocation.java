// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.restore;

import io.standpipe.Image;
import io.standpipe.StandpipeException;
import io.standpipe.internal.format.EscapedPath;
import io.standpipe.internal.proc.PipeId;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.PathCalls;
import io.standpipe.internal.sys.PathFailures;
import io.standpipe.internal.sys.Stat;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The place of a FIFO in the file system. Its path comes from an image, which is not to be trusted: the path must lie below a
 * directory that the caller allows, whatever links are on the way, and the file is examined before it is opened.
 */
final class FifoLocation implements AutoCloseable {

    private static final int OWNER_ONLY = 0600;
    private static final int DIRECTORY = Flags.O_PATH | Flags.oDirectory();

    private final String what;
    private final int pipeObjref;
    private final Fd directory;
    private final byte[] name;
    private @Nullable PipeId id;
    /** Opened with O_PATH; null until the FIFO is found. */
    private @Nullable Fd fifo;
    private boolean made;
    /** Whether the FIFO was made here and its name is still there. */
    private boolean named;

    private FifoLocation(String what, int pipeObjref, Fd directory, byte[] name) {
        this.what = what;
        this.pipeObjref = pipeObjref;
        this.directory = directory;
        this.name = name;
    }

    /**
     * Finds a saved FIFO, or makes it where the caller chose that.
     *
     * @param path of the FIFO in the image
     */
    static FifoLocation find(byte[] path, Image.Pipe pipe, RestoreOptions options) throws StandpipeException {
        Path base = options.fifoBase();
        String what = "FIFO " + EscapedPath.of(path) + (base != null && options.baseIsRoot() ? " in the root " + base : "");
        if (base == null) {
            throw new StandpipeException(what + ": an image's paths are not followed unless a directory is allowed for it;"
                    + " allow one with --fifo-base (in the library, Restore.fifosBelow)");
        }
        byte[] relative = options.baseIsRoot() ? Arrays.copyOfRange(path, 1, path.length) : relative(path, base, what);
        int slash = lastSlash(relative);
        byte[] name = Arrays.copyOfRange(relative, slash + 1, relative.length);
        Fd directory = directory(base, options.baseIsRoot(), relative, slash, what);
        FifoLocation location = new FifoLocation(what, pipe.objref(), directory, name);
        boolean found = false;
        try {
            if (pipe.unlinked() || !location.isThere(options)) {
                location.make(pipe.unlinked());
            }
            location.checkType();
            if (pipe.unlinked()) {
                location.unlink();
            }
            found = true;
            return location;
        } catch (ErrnoException e) {
            throw Failures.of(what, e);
        } finally {
            if (!found) {
                location.undo();
                location.close();
            }
        }
    }

    /** Returns the part of a path below the directory that the caller allows. */
    private static byte[] relative(byte[] path, Path allowed, String what) throws StandpipeException {
        String base = allowed.toAbsolutePath().normalize().toString();
        byte[] prefix = PathCalls.bytes(base.endsWith("/") ? base : base + "/");
        if (path.length <= prefix.length || !Arrays.equals(prefix, 0, prefix.length, path, 0, prefix.length)) {
            if (!Files.isDirectory(allowed)) {
                throw new StandpipeException(what + ": there is no directory " + base + ", which is allowed for FIFOs");
            }
            throw new StandpipeException(what + ": not below " + base + ", the directory that is allowed for FIFOs");
        }
        return Arrays.copyOfRange(path, prefix.length, path.length);
    }

    private static int lastSlash(byte[] path) {
        int at = path.length - 1;
        while (at >= 0 && path[at] != '/') {
            at--;
        }
        return at;
    }

    /** Opens the directory of the FIFO, which is the allowed one if slash is -1. */
    private static Fd directory(Path allowed, boolean asRoot, byte[] relative, int slash, String what)
            throws StandpipeException {
        Fd base = open(allowed, what);
        if (slash < 0) {
            return base;
        }
        byte[] path = Arrays.copyOf(relative, slash);
        try (base) {
            return asRoot
                    ? PathCalls.openInRoot(base.number(), path, DIRECTORY)
                    : PathCalls.openBeneath(base.number(), path, DIRECTORY);
        } catch (ErrnoException e) {
            if (e.errno() == Errno.EXDEV) {
                throw new StandpipeException(what + ": a link on the way leads out of " + allowed
                        + ", the directory that is allowed for FIFOs", e);
            }
            throw Failures.of(what + ": its directory", e);
        }
    }

    private static Fd open(Path allowed, String what) throws StandpipeException {
        try {
            return FileCalls.open(FileCalls.CURRENT_DIRECTORY, allowed.toString(), DIRECTORY, 0);
        } catch (ErrnoException e) {
            throw PathFailures.directory(what + ": the directory that is allowed for FIFOs", allowed, e);
        }
    }

    private boolean isThere(RestoreOptions options) throws StandpipeException, ErrnoException {
        try {
            fifo = open();
            return true;
        } catch (ErrnoException e) {
            if (e.errno() != Errno.ENOENT) {
                throw e;
            }
            if (!options.creatingFifos()) {
                throw new StandpipeException(what + ": it is gone; have it made anew with --create-fifos"
                        + " (in the library, Restore.creatingFifos)", e);
            }
            return false;
        }
    }

    private Fd open() throws ErrnoException {
        return PathCalls.openBeneath(directory.number(), name, Flags.O_PATH | Flags.oNoFollow());
    }

    private void make(boolean unlinked) throws StandpipeException, ErrnoException {
        try {
            PathCalls.makeFifo(directory.number(), name, OWNER_ONLY);
        } catch (ErrnoException e) {
            if (e.errno() == Errno.EEXIST) {
                throw new StandpipeException(what + ": something has this name"
                        + (unlinked ? ", and it had been unlinked when it was saved" : " now"), e);
            }
            throw e;
        }
        made = true;
        named = true;
        fifo = open();
    }

    private void checkType() throws StandpipeException, ErrnoException {
        Stat stat = Stat.of(fd());
        if (!stat.isFifo()) {
            throw new StandpipeException(what + ": " + stat.kind() + " is there, expected a FIFO");
        }
        id = new PipeId(stat.dev(), stat.ino());
    }

    private void unlink() throws ErrnoException {
        PathCalls.unlink(directory.number(), name);
        named = false;
    }

    /** Returns an O_PATH fd of the FIFO, which counts as no end of it. */
    int fd() {
        return Objects.requireNonNull(fifo).number();
    }

    /** Returns the objref of the pipe that this FIFO was found for. */
    int pipeObjref() {
        return pipeObjref;
    }

    PipeId id() {
        return Objects.requireNonNull(id);
    }

    /** Returns whether the FIFO was made here. */
    boolean isNew() {
        return made;
    }

    /** Removes the name of a FIFO that was made here. */
    void undo() {
        if (named) {
            try {
                unlink();
            } catch (ErrnoException e) {
                System.getLogger(FifoLocation.class.getName())
                        .log(System.Logger.Level.WARNING, "left behind: " + what, e);
            }
        }
    }

    /** Closes what only {@link #fd} and {@link #undo} need, as far as these have nothing more to do. */
    void release() {
        if (fifo != null) {
            fifo.close();
        }
        if (!named) {
            directory.close();
        }
    }

    @Override
    public void close() {
        named = false;
        release();
    }

    @Override
    public String toString() {
        return what;
    }
}
