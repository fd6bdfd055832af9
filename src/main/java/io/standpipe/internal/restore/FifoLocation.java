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
import io.standpipe.internal.sys.Stat;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Where a FIFO is to be found. Its path comes from an image, which is not to be trusted: it must lie below a folder that the
 * caller allows, whatever links there are on the way, and what it leads to is looked at before it is opened.
 */
public final class FifoLocation implements AutoCloseable {

    private static final int OWNER_ONLY = 0600;
    private static final int FOLDER = Flags.O_PATH | Flags.oDirectory();

    private final String what;
    private final Fd folder;
    private final byte[] name;
    private final Stat stat = new Stat();
    private Fd fifo;
    private boolean made;
    private boolean named;

    private FifoLocation(String what, Fd folder, byte[] name) {
        this.what = what;
        this.folder = folder;
        this.name = name;
    }

    /** Finds the FIFO of a description, or makes it where the caller chose that. */
    static FifoLocation find(Image.Description description, Image.Pipe pipe, RestoreOptions options) throws StandpipeException {
        byte[] path = description.path();
        String what = "FIFO " + EscapedPath.of(path);
        byte[] relative = relative(path, options, what);
        int slash = lastSlash(relative);
        byte[] name = Arrays.copyOfRange(relative, slash + 1, relative.length);
        FifoLocation place = new FifoLocation(what, folder(options, relative, slash, what), name);
        boolean found = false;
        try {
            boolean nameless = pipe.unlinked();
            if (nameless || !place.isThere(options)) {
                place.make(nameless);
            }
            place.look();
            if (nameless) {
                place.unlink();
            }
            found = true;
            return place;
        } catch (ErrnoException e) {
            throw Failures.of(what, e);
        } finally {
            if (!found) {
                place.undo();
                place.close();
            }
        }
    }

    /** The part of a path below the folder that the caller allows. */
    private static byte[] relative(byte[] path, RestoreOptions options, String what) throws StandpipeException {
        if (options.fifoBase() == null) {
            throw new StandpipeException(what + ": an image's paths are not followed unless a folder is allowed for it;"
                    + " allow one with --fifo-base (in the library, Restore.fifosBelow)");
        }
        if (options.reRooted()) {
            return Arrays.copyOfRange(path, 1, path.length);
        }
        String base = options.fifoBase().toAbsolutePath().normalize().toString();
        byte[] prefix = PathCalls.bytes(base.endsWith("/") ? base : base + "/");
        if (path.length <= prefix.length || !Arrays.equals(prefix, 0, prefix.length, path, 0, prefix.length)) {
            throw new StandpipeException(what + ": not below " + base + ", the folder that is allowed for FIFOs");
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

    private static Fd folder(RestoreOptions options, byte[] relative, int slash, String what) throws StandpipeException {
        Fd allowed = allowed(options.fifoBase(), what);
        if (slash < 0) {
            return allowed;
        }
        byte[] path = Arrays.copyOf(relative, slash);
        try (allowed) {
            return options.reRooted()
                    ? PathCalls.openInRoot(allowed.number(), path, FOLDER)
                    : PathCalls.openBeneath(allowed.number(), path, FOLDER);
        } catch (ErrnoException e) {
            if (e.errno() == Errno.EXDEV) {
                throw new StandpipeException(what + ": a link on the way leads out of " + options.fifoBase()
                        + ", the folder that is allowed for FIFOs", e);
            }
            throw Failures.of(what + ": its folder", e);
        }
    }

    private static Fd allowed(Path base, String what) throws StandpipeException {
        try {
            return FileCalls.open(FileCalls.CURRENT_FOLDER, base.toString(), FOLDER, 0);
        } catch (ErrnoException e) {
            throw Failures.of(what + ": the folder that is allowed for FIFOs", e);
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
        return PathCalls.openBeneath(folder.number(), name, Flags.O_PATH | Flags.oNoFollow());
    }

    private void make(boolean nameless) throws StandpipeException, ErrnoException {
        try {
            PathCalls.makeFifo(folder.number(), name, OWNER_ONLY);
        } catch (ErrnoException e) {
            if (e.errno() == Errno.EEXIST) {
                throw new StandpipeException(what + ": something has this name"
                        + (nameless ? ", and it had been unlinked when it was saved" : " now"), e);
            }
            throw e;
        }
        made = true;
        named = true;
        fifo = open();
    }

    private void look() throws StandpipeException, ErrnoException {
        if (!stat.read(fifo.number()).isFifo()) {
            throw new StandpipeException(what + ": something else is there now; its type is "
                    + String.format("0%06o", stat.mode() & Flags.S_IFMT) + ", expected 0010000 (S_IFIFO)");
        }
    }

    private void unlink() throws ErrnoException {
        PathCalls.unlink(folder.number(), name);
        named = false;
    }

    /** A descriptor that names the FIFO and is no end of it. */
    int fifo() {
        return fifo.number();
    }

    /** Which FIFO of all file systems it is. */
    PipeId id() {
        return new PipeId(stat.dev(), stat.ino());
    }

    boolean isNew() {
        return made;
    }

    /** Removes a name that was made here. */
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

    @Override
    public void close() {
        if (fifo != null) {
            fifo.close();
        }
        folder.close();
    }

    @Override
    public String toString() {
        return what;
    }
}
