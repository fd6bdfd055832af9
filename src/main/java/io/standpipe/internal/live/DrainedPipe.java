// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.live;

import io.standpipe.StandpipeException;
import io.standpipe.UnavailableException;
import io.standpipe.internal.format.EscapedPath;
import io.standpipe.internal.pipes.ReaderAtHand;
import io.standpipe.internal.proc.FdKind;
import io.standpipe.internal.proc.FifoOpeners;
import io.standpipe.internal.proc.PipeHolderScan;
import io.standpipe.internal.proc.PipeId;
import io.standpipe.internal.proc.PipeLock;
import io.standpipe.internal.proc.ProcDirectory;
import io.standpipe.internal.proc.ProcessEndedException;
import io.standpipe.internal.proc.TargetCheck;
import io.standpipe.internal.proc.TraceRefusal;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.FdCalls;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.ProcessCalls;
import io.standpipe.internal.sys.Stat;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import io.standpipe.pipe.Pipes;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A pipe that another process has at an fd, and from which this process reads. Flags of descriptions that others have stay as they are. */
final class DrainedPipe implements AutoCloseable {

    private final String where;
    private final String name;
    private final PipeId id;
    private final PipeReaders readers;
    /** A duplicate of the fd that the caller named; null once there is a read end of this process's own. */
    private @Nullable Fd named;
    private @Nullable Fd readEnd;

    private DrainedPipe(String where, byte[] link, PipeId id, Fd named) {
        this.where = where;
        this.id = id;
        this.named = named;
        name = link[0] == '/' ? "FIFO " + EscapedPath.of(link) : "pipe " + Long.toUnsignedString(id.ino());
        readers = new PipeReaders(id, link);
    }

    /** Opens the pipe that a process has at an fd; nothing is opened for reading yet. */
    static DrainedPipe open(int pid, int fd) throws StandpipeException {
        String where = "descriptor " + fd + " of process " + pid;
        TargetCheck.check(pid);
        for (PipeLock lock : PipeLock.of(pid)) {
            if (lock.fd() == fd) {
                throw new StandpipeException(lock.describe());
            }
        }
        Fd named = duplicate(pid, fd, where);
        boolean complete = false;
        try {
            Stat stat = Stat.of(named.number());
            if (!stat.isFifo()) {
                throw new StandpipeException(where + ": not a pipe, but " + FdKind.describe(pid, fd, stat.mode()));
            }
            if ((FdCalls.statusFlags(named.number()) & Flags.O_PATH) != 0) {
                throw new StandpipeException(where + ": opened with O_PATH, it names a FIFO and is no end of it");
            }
            byte[] link = ProcDirectory.link("/proc/self/fd/" + named.number());
            DrainedPipe pipe = new DrainedPipe(where, link, new PipeId(stat.dev(), stat.ino()), named);
            complete = true;
            return pipe;
        } catch (IOException e) {
            throw Failures.of(where, e);
        } finally {
            if (!complete) {
                named.close();
            }
        }
    }

    private static Fd pidfd(int pid) throws StandpipeException {
        try {
            return ProcessCalls.pidfdOpen(pid);
        } catch (ErrnoException e) {
            throw e.errno() == Errno.ESRCH ? new ProcessEndedException(pid, "it has ended", e) : Failures.of("process " + pid, e);
        }
    }

    private static Fd duplicate(int pid, int fd, String where) throws StandpipeException {
        try (Fd pidfd = pidfd(pid)) {
            return ProcessCalls.pidfdGetFd(pidfd.number(), fd);
        } catch (ErrnoException e) {
            switch (e.errno()) {
                case Errno.EBADF:
                    throw new StandpipeException(where + ": it is not open", e);
                case Errno.ESRCH:
                    throw new ProcessEndedException(pid, "it has ended", e);
                case Errno.EPERM:
                    throw new UnavailableException(
                            "process " + pid + ": its descriptors may not be copied" + TraceRefusal.ofCopying(pid), e);
                default:
                    throw Failures.of(where, e);
            }
        }
    }

    /**
     * Gets a read end: the one that the caller named, else one that another process has, else a new one. A description that has a
     * write end, too, is not kept: the pipe would not come to its end before it does.
     *
     * @throws StandpipeException also if a process waits for a reader, which it would take this one for
     */
    void openReadEnd() throws StandpipeException {
        Fd end = named;
        if (end == null) {
            throw new IllegalStateException("opened before");
        }
        try {
            int access = FdCalls.statusFlags(end.number()) & Flags.O_ACCMODE;
            if (access == Flags.O_RDONLY) {
                readEnd = end;
            } else {
                Fd other = access == Flags.O_RDWR ? null : ofAnotherProcess();
                readEnd = other == null ? reopened(end, access) : other;
                end.close();
            }
            named = null;
        } catch (IOException e) {
            throw Failures.of(where, e);
        }
    }

    private @Nullable Fd ofAnotherProcess() throws ErrnoException {
        for (PipeHolderScan.Holder reader : readers.all()) {
            if (reader.accessMode() == Flags.O_RDONLY && !reader.isRing()) {
                try (Fd pidfd = ProcessCalls.pidfdOpen(reader.pid());
                        Fd copy = ProcessCalls.pidfdGetFd(pidfd.number(), reader.fd())) {
                    if (isReadEnd(copy)) {
                        return Fd.owning(copy.release());
                    }
                } catch (ErrnoException e) {
                    if (e.errno() == Errno.EMFILE) {
                        throw e;
                    }
                    // It has ended, closed the fd, or may not be traced: there may be another one.
                }
            }
        }
        return null;
    }

    private boolean isReadEnd(Fd copy) throws ErrnoException {
        Stat stat = Stat.of(copy.number());
        return stat.isFifo() && id.equals(new PipeId(stat.dev(), stat.ino()))
                && (FdCalls.statusFlags(copy.number()) & (Flags.O_ACCMODE | Flags.O_PATH)) == Flags.O_RDONLY;
    }

    private Fd reopened(Fd end, int access) throws IOException {
        if (access == Flags.O_WRONLY && !hasReader()) {
            for (FifoOpeners.Opener opener : FifoOpeners.of(id)) {
                if (opener.accessMode() == Flags.O_WRONLY) {
                    throw new StandpipeException(where + ": nobody has this FIFO open for reading, and process " + opener.pid()
                            + " waits in open until somebody does; it would go on, and get SIGPIPE afterwards; drain it when that"
                            + " does not wait");
                }
            }
        }
        try {
            return FileCalls.reopen(end.number(), Flags.O_RDONLY | Flags.O_NONBLOCK);
        } catch (ErrnoException e) {
            if (e.errno() == Errno.EACCES) {
                throw new UnavailableException(where + ": only its write end is at hand, and this user may not open it for reading; run as its owner or as root", e);
            }
            throw e;
        }
    }

    /** Returns whether anybody has the pipe open for reading, be it a process that cannot be looked at. */
    boolean hasReader() throws ErrnoException {
        Fd end = named;
        return end == null
                || (FdCalls.statusFlags(end.number()) & Flags.O_ACCMODE) != Flags.O_WRONLY
                || ReaderAtHand.exists(end.number());
    }

    PipeReaders readers() {
        return readers;
    }

    /** Returns the read end's fd. */
    int readFd() {
        Fd end = readEnd;
        if (end == null) {
            throw new IllegalStateException("not opened for reading");
        }
        return end.number();
    }

    /** Returns how many bytes are queued. */
    int queuedBytes() throws ErrnoException {
        Fd end = readEnd == null ? named : readEnd;
        return end == null ? 0 : Pipes.queuedBytes(end.number());
    }

    PipeId id() {
        return id;
    }

    /** Returns the fd and the process by which the caller named the pipe. */
    String where() {
        return where;
    }

    /** Returns what {@code list} calls the pipe. */
    String name() {
        return name;
    }

    @Override
    public void close() {
        if (named != null) {
            named.close();
        }
        if (readEnd != null) {
            readEnd.close();
        }
    }
}
