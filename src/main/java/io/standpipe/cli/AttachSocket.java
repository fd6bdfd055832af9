// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.StandpipeException;
import io.standpipe.internal.proc.JvmProcess;
import io.standpipe.internal.proc.ProcessRoot;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.FdCalls;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.LocalSocket;
import io.standpipe.internal.sys.ProcessCalls;
import io.standpipe.internal.sys.Stat;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import java.io.IOException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The Unix socket at which a JVM listens for those who attach to it. A JVM opens the socket when it gets SIGQUIT and finds a file that
 * asks for it; without that file it prints its threads. So the signal is sent once, when all is in place for it, and never again: the
 * JDK's own client repeats it. And the JVM takes no file and no connection but of its own user, or of the root of its own user namespace.
 */
final class AttachSocket {

    private static final String TEMPORARY = "/tmp";
    private static final int SIGQUIT = 3;
    private static final int ECONNREFUSED = 111;
    private static final int PAUSE_MILLIS = 5;
    private static final int MOST_START_MILLIS = 3000;

    private final ProcessRoot root;
    private final String name;
    private final String request;
    private final Deadline deadline;

    AttachSocket(ProcessRoot root, Deadline deadline) {
        this.root = root;
        this.deadline = deadline;
        name = ".java_pid" + root.pidInside();
        request = ".attach_pid" + root.pidInside();
    }

    /** Connects, having the JVM open its socket first if it has not yet. The connection does not wait. */
    Fd connect() throws IOException, TimeoutException {
        try (Fd file = open()) {
            Fd connection = LocalSocket.connect(file.number(), root.uid(), root.gid());
            while (connection == null) {
                deadline.pause(PAUSE_MILLIS);
                connection = LocalSocket.connect(file.number(), root.uid(), root.gid());
            }
            return connection;
        } catch (ErrnoException e) {
            String reason = switch (e.errno()) {
                case ECONNREFUSED -> ": nobody listens at its socket " + TEMPORARY + "/" + name + ", which may be of an earlier"
                        + " process; remove that";
                case Errno.EPERM, Errno.EACCES -> ": only its own user and root may";
                default -> "";
            };
            throw new IOException("cannot connect, " + ExitCode.text(e) + reason, e);
        }
    }

    private String owner() {
        return "process " + root.pid() + ": ";
    }

    private Fd open() throws IOException, TimeoutException {
        Fd there = find();
        if (there != null) {
            return there;
        }
        try (Fd process = pidfd();
                Fd directory = root.open(TEMPORARY, Flags.O_PATH | Flags.oDirectory())) {
            awaitStart();
            JvmProcess.of(root.pid()); // Once more: now this pid is known to be the process that gets the signal.
            boolean made = ask(directory);
            boolean handled = false;
            try {
                ProcessCalls.signal(process, SIGQUIT);
                Fd found = find();
                while (found == null) {
                    if (ProcessCalls.hasEnded(process)) {
                        throw new StandpipeException(owner() + "it has ended");
                    }
                    deadline.pause(PAUSE_MILLIS);
                    found = find();
                }
                handled = true;
                return found;
            } finally {
                // A JVM that gets to the signal later must find the file: else it would print its threads.
                if (handled || made && ProcessCalls.hasEnded(process)) {
                    removeRequest(directory);
                }
            }
        }
    }

    /** Removes the file that the JVM has looked for, even if this process did not make it: that may be an attach before, which ran out of time. */
    /** The signal must not go to another process that has the pid by then: without this none is sent. */
    private Fd pidfd() throws StandpipeException {
        try {
            return ProcessCalls.pidfdOpen(root.pid());
        } catch (ErrnoException e) {
            throw Failures.of(owner() + "nothing was sent to it", e);
        }
    }

    private void removeRequest(Fd temporary) throws ErrnoException {
        if (Stat.ofName(temporary.number(), request) != null) {
            FileCalls.unlink(temporary.number(), request);
        }
    }

    /** While it starts, a JVM may take the signal and forget it. One that does not show how far it is gets some time. */
    private void awaitStart() throws IOException, TimeoutException {
        for (int waited = 0; waited < MOST_START_MILLIS && !JvmProcess.hasStarted(root.pid()); waited += PAUSE_MILLIS) {
            deadline.pause(PAUSE_MILLIS);
        }
    }

    /** Returns the socket's file; null if there is none. */
    private @Nullable Fd find() throws IOException {
        Fd file;
        try {
            file = root.open(TEMPORARY + "/" + name, Flags.O_PATH | Flags.oNoFollow());
        } catch (ErrnoException e) {
            if (e.errno() == Errno.ENOENT) {
                return null;
            }
            throw e;
        }
        Stat stat = Stat.of(file.number());
        if ((stat.mode() & Flags.S_IFMT) != Flags.S_IFSOCK || stat.uid() != root.uid()) {
            file.close();
            throw new StandpipeException(owner() + TEMPORARY + "/" + name + " of user " + stat.uid() + " is in the place of its socket, but not its own"
                    + " (user " + root.uid() + "); nothing was sent to it");
        }
        return file;
    }

    /** Makes the file that the JVM looks for, first in its working directory; returns false if somebody asks already. */
    private boolean ask(Fd temporary) throws IOException {
        try (Fd working = workingDirectory()) {
            if (isAsked(working) || isAsked(temporary)) {
                return false;
            }
        }
        int flags = Flags.O_WRONLY | Flags.O_CREAT | Flags.O_EXCL | Flags.oNoFollow();
        try (Fd file = FileCalls.open(temporary.number(), request, flags, 0600)) {
            if (Stat.of(file.number()).uid() != root.uid()) {
                FdCalls.setInodeOwner(file.number(), root.uid(), root.gid());
            }
            return true;
        }
    }

    private @Nullable Fd workingDirectory() throws IOException {
        try {
            return FileCalls.open(FileCalls.CURRENT_DIRECTORY, "/proc/" + root.pid() + "/cwd", Flags.O_PATH | Flags.oDirectory(), 0);
        } catch (ErrnoException e) {
            return null; // It may not be looked at, but its own user would not leave such a file there.
        }
    }

    private boolean isAsked(@Nullable Fd directory) throws IOException {
        Stat stat = directory == null ? null : Stat.ofName(directory.number(), request);
        if (stat != null && stat.uid() != root.uid() && stat.uid() != root.rootInside()) {
            throw new StandpipeException(owner() + "its working directory or " + TEMPORARY + " has a file " + request + " of user " + stat.uid()
                    + ", for which it would print its threads instead of opening its socket; remove that; nothing was sent to it");
        }
        return stat != null;
    }
}
