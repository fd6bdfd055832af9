// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.freeze;

import io.standpipe.StandpipeException;
import io.standpipe.UnavailableException;
import io.standpipe.internal.proc.ProcDirectory;
import io.standpipe.internal.proc.ProcFile;
import io.standpipe.internal.proc.ProcessStatus;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.FrozenTeeBatch;
import io.standpipe.internal.sys.ProcessCalls;
import io.standpipe.internal.sys.Stat;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A process that can be stopped by SIGSTOP, watched closely. */
final class StoppableProcess implements StandStill.Awaited, AutoCloseable {

    private static final int NO_SIGNAL = 0;
    private static final int SIGCONT = 18;
    private static final int SIGSTOP = 19;
    private static final int STATE = 0;
    private static final int THREADS = 17;

    /** The directory of a process's fds, null where it may not be opened, and how many fds there were then; -1 if unknown. */
    record FdDirectory(@Nullable Fd directory, long count) implements AutoCloseable {

        static FdDirectory open(int pid) throws ErrnoException {
            try {
                Fd directory = openDirectory("/proc/" + pid + "/fd");
                try {
                    long size = Stat.of(directory.number()).sizeBytes();
                    return new FdDirectory(directory, size > 0 ? size : -1);
                } catch (ErrnoException e) {
                    directory.close();
                    throw e;
                }
            } catch (ErrnoException e) {
                // Not this user's to look at: whoever copies its descriptors says so.
                if (e.errno() == Errno.EACCES) {
                    return new FdDirectory(null, -1);
                }
                throw e;
            }
        }

        int fd() {
            return directory == null ? -1 : directory.number();
        }

        @Override
        public void close() {
            if (directory != null) {
                directory.close();
            }
        }
    }

    final int pid;
    private final Fd pidfd;
    private final ProcFile stat;
    private @Nullable Fd tasks;
    private @Nullable FdDirectory descriptors;
    private boolean stopped;

    private StoppableProcess(int pid, Fd pidfd) throws ErrnoException {
        this.pid = pid;
        this.pidfd = pidfd;
        stat = new ProcFile("/proc/" + pid + "/stat");
    }

    /** Looks whether a process can be stopped; null if it has ended. */
    static @Nullable StoppableProcess open(int pid) throws IOException {
        Fd pidfd;
        try {
            pidfd = ProcessCalls.pidfdOpen(pid);
        } catch (ErrnoException e) {
            return nullIfEnded(pid, e);
        }
        StoppableProcess process = null;
        boolean complete = false;
        try {
            process = new StoppableProcess(pid, pidfd);
            complete = process.look();
            return complete ? process : null;
        } catch (StandpipeException e) {
            throw e;
        } catch (IOException e) {
            return nullIfEnded(pid, e);
        } finally {
            if (!complete) {
                if (process == null) {
                    pidfd.close();
                } else {
                    process.close();
                }
            }
        }
    }

    /** Returns false if it has ended. */
    private boolean look() throws IOException {
        if (fields(stat.read()) == null) {
            return false;
        }
        int tracer = ProcessStatus.tracer(pid);
        if (tracer != 0) {
            throw new StandpipeException("process " + pid + ": process " + tracer
                    + " traces it, and would be told of the stop in its place; end that, or use --freeze cgroup");
        }
        tasks = openDirectory("/proc/" + pid + "/task");
        FdDirectory fds = FdDirectory.open(pid);
        descriptors = fds;
        if (fds.directory() != null) {
            StandStill.lock(fds.directory(), "process " + pid);
        }
        return true;
    }

    private static Fd openDirectory(String path) throws ErrnoException {
        return FileCalls.open(FileCalls.CURRENT_DIRECTORY, path, Flags.O_RDONLY | Flags.oDirectory(), 0);
    }

    /**
     * What is needed to stop it without Java code.
     *
     * @param already whether it was stopped by somebody else
     */
    FrozenTeeBatch.Standing forCapture(boolean already) {
        FdDirectory fds = Objects.requireNonNull(descriptors);
        return already
                ? FrozenTeeBatch.Standing.leftAlone(pid, fds.fd(), fds.count())
                : new FrozenTeeBatch.Standing(
                        pid, pidfd.number(), stat.fd(), Objects.requireNonNull(tasks).number(), fds.fd(), fds.count());
    }

    /** What /proc says of a process that ends just now is an error in many ways. */
    private static @Nullable StoppableProcess nullIfEnded(int pid, IOException e) throws IOException {
        if (ProcessStatus.isAlive(pid)) {
            throw e;
        }
        return null;
    }

    /** Whether it was stopped by somebody else. */
    boolean isStopped() throws IOException {
        return moving() == 0;
    }

    /** Sends no signal, in the way that the others are sent. */
    void rehearse() throws IOException {
        signal(NO_SIGNAL);
        moving();
    }

    void stop() throws IOException {
        stopped = signal(SIGSTOP);
    }

    /** It was stopped without Java code, and could not be let run again. */
    void noteStopped() {
        stopped = true;
    }

    /** Lets it run, if it was stopped here. */
    void resume() throws IOException {
        if (stopped) {
            signal(SIGCONT);
            stopped = false;
        }
    }

    /** Returns whether the process is still there. */
    private boolean signal(int signal) throws IOException {
        try {
            ProcessCalls.sendSignal(pidfd.number(), signal);
            return true;
        } catch (ErrnoException e) {
            if (e.errno() == Errno.EPERM) {
                throw new UnavailableException(
                        "process " + pid + ": it may not be stopped (EPERM); "
                                + (ProcessCalls.refusesSendSignal()
                                        ? "a seccomp profile forbids pidfd_send_signal: allow it, or do not freeze"
                                        : "run as its user or as root"),
                        e);
            }
            if (e.errno() != Errno.ESRCH) {
                throw e;
            }
            return false;
        }
    }

    /** A thread that does not stand still yet, or 0. */
    @Override
    public int moving() throws IOException {
        try {
            String[] fields = fields(stat.read());
            if (fields == null) {
                return 0;
            }
            if (!isStill(fields)) {
                return pid;
            }
            return fields[THREADS].equals("1") ? 0 : movingThread();
        } catch (IOException e) {
            nullIfEnded(pid, e);
            return 0;
        }
    }

    private int movingThread() throws IOException {
        List<Integer> threads = ProcDirectory.threads(pid);
        for (int thread : threads) {
            if (!"TtZXgone".contains(state(thread))) {
                return thread;
            }
        }
        return threads.equals(ProcDirectory.threads(pid)) ? 0 : pid;
    }

    private static boolean isStill(String[] fields) {
        return "TtZX".contains(fields[STATE]);
    }

    @Override
    public String complaint(int thread) {
        String state;
        try {
            state = state(thread);
        } catch (ErrnoException e) {
            state = "unknown, " + e.getMessage() + ",";
        }
        return "process " + pid + ": thread " + thread + " is in state " + state + " and does not stop";
    }

    /** The state of a thread of it: a letter, or "gone". What cannot be told is not still. */
    private String state(int thread) throws ErrnoException {
        try (ProcFile file = new ProcFile("/proc/" + pid + "/task/" + thread + "/stat")) {
            String[] fields = fields(file.read());
            return fields == null ? "gone" : fields[STATE];
        } catch (ErrnoException e) {
            if (e.errno() == Errno.ENOENT) {
                return "gone";
            }
            throw e;
        }
    }

    /** The fields behind the name, which may hold any character; null if the process has ended, with all its threads. */
    private static String @Nullable [] fields(@Nullable String stat) {
        if (stat == null || stat.isEmpty()) {
            return null;
        }
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return "ZX".contains(fields[STATE]) && Integer.parseInt(fields[THREADS]) <= 1 ? null : fields;
    }

    @Override
    public void close() {
        pidfd.close();
        stat.close();
        if (tasks != null) {
            tasks.close();
        }
        if (descriptors != null) {
            descriptors.close();
        }
    }
}
