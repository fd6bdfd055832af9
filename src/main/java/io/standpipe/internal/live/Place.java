// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.live;

import io.standpipe.StandpipeException;
import io.standpipe.internal.exec.Command;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import java.time.Duration;

/** The place of one process, and what is to be in it. */
final class Place implements AutoCloseable {

    /** For how long ends are held if the swap fails when the old process was asked to end already. */
    private static final Duration HELD = Duration.ofMinutes(10);

    private final OldProcess old;
    private final Command command;
    private final AsItWas context;
    private final Fd lock;
    private final Holder holder;
    private boolean asked;

    private Place(OldProcess old, Command command, AsItWas context, Fd lock, Holder holder) {
        this.old = old;
        this.command = command;
        this.context = context;
        this.lock = lock;
        this.holder = holder;
    }

    /** Takes the ends of a process, which goes on as before, and has a process hold them that outlives this one. */
    static Place take(HeldEnds ends, Command command, boolean asItWas) throws StandpipeException {
        OldProcess old = new OldProcess(ends);
        old.checkMaySignal();
        Fd lock = lock(ends);
        AsItWas context = null;
        boolean complete = false;
        try {
            context = asItWas ? AsItWas.of(ends) : AsItWas.nothing();
            Holder holder = Holder.start(ends, HELD);
            complete = true;
            return new Place(old, command, context, lock, holder);
        } finally {
            if (!complete) {
                lock.close();
                if (context != null) {
                    context.close();
                }
            }
        }
    }

    /** A directory that only those can open who may take the process's fds; the lock ends when it is closed. */
    private static Fd lock(HeldEnds ends) throws StandpipeException {
        try {
            Fd directory = FileCalls.open(
                    FileCalls.CURRENT_DIRECTORY, "/proc/" + ends.pid() + "/fdinfo", Flags.O_RDONLY | Flags.oDirectory(), 0);
            boolean locked = false;
            try {
                locked = FileCalls.lock(directory.number());
            } finally {
                if (!locked) {
                    directory.close();
                }
            }
            if (!locked) {
                throw new StandpipeException(ends.process() + ": somebody else is about to replace it");
            }
            return directory;
        } catch (ErrnoException e) {
            throw Failures.of(ends.process(), e);
        }
    }

    /** Sends the old process a signal. From then on the ends are held whatever comes, until a command has them. */
    void ask(int signal) throws StandpipeException {
        holder.stay();
        asked = true;
        old.signal(signal);
    }

    /** Has the ends no longer held, since somebody else has them: a command, or the old process that goes on. */
    void release() throws StandpipeException {
        holder.endWithThis();
        asked = false;
    }

    /** Has the ends held whatever comes, since the old process has ended, or the command could not begin. */
    void holdAgain() throws StandpipeException {
        asked = true;
        holder.stay();
    }

    /** Returns whether the old process was asked to end, and nobody else has the ends for sure. */
    boolean isAsked() {
        return asked;
    }

    OldProcess old() {
        return old;
    }

    HeldEnds ends() {
        return old.ends();
    }

    Command command() {
        return command;
    }

    AsItWas context() {
        return context;
    }

    Holder holder() {
        return holder;
    }

    @Override
    public void close() {
        holder.close();
        context.close();
        lock.close();
        old.ends().close();
    }
}
