// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.live;

import io.standpipe.DrainReport;
import io.standpipe.ReaderRunsException;
import io.standpipe.StandpipeException;
import io.standpipe.UnavailableException;
import io.standpipe.internal.jni.NativeLibrary;
import io.standpipe.internal.pipes.PacketProbe;
import io.standpipe.internal.proc.PipeHolderScan;
import io.standpipe.internal.proc.ProcessStatus;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.PathFailures;
import io.standpipe.internal.sys.PipeCalls;
import io.standpipe.internal.sys.Stat;
import io.standpipe.internal.sys.WaitLimit;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import io.standpipe.pipe.Pipes;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes what is queued out of a pipe that is in use. Whatever fails, what was not written is in the pipe still. */
public final class DrainOperation {

    /**
     * What the caller chose.
     *
     * @param following whether to go on until the pipe is at its end
     * @param besideReaders whether to take bytes though a process runs that would read them otherwise
     * @param timeout after which it is not waited any more; null for no end
     */
    public record Options(boolean following, boolean besideReaders, @Nullable Duration timeout) {}

    /** How long to wait for bytes or for room before it is looked at who reads, and whether to stop. */
    private static final Duration TURN = Duration.ofMillis(200);

    private static final int MODE_OF_A_NEW_FILE = 0600;

    private final int pid;
    private final int fd;
    private final Options options;
    private volatile boolean stopping;
    private long takenBytes;
    private long leftBytes;

    public DrainOperation(int pid, int fd, Options options) {
        this.pid = pid;
        this.fd = fd;
        this.options = options;
    }

    /** Has the operation end soon, as if it had come to its end; for any thread. */
    public void stop() {
        stopping = true;
    }

    /** Sends the bytes to an fd of this process, which stays open. */
    public DrainReport toFd(int output) throws StandpipeException {
        try (DrainedPipe pipe = prepare()) {
            return drain(pipe, output, DrainSink.nameOf(output));
        }
    }

    /** Writes the bytes to a new file. */
    public DrainReport toFile(Path file) throws StandpipeException {
        try (DrainedPipe pipe = prepare(); Fd output = create(file)) {
            boolean complete = false;
            try {
                DrainReport report = drain(pipe, output.number(), file.toString());
                complete = true;
                return report;
            } finally {
                finish(file, output, complete);
            }
        }
    }

    private static Fd create(Path file) throws StandpipeException {
        try {
            return FileCalls.open(
                    FileCalls.CURRENT_DIRECTORY, file.toString(), Flags.O_WRONLY | Flags.O_CREAT | Flags.O_EXCL, MODE_OF_A_NEW_FILE);
        } catch (ErrnoException e) {
            throw e.errno() == Errno.EEXIST
                    ? new StandpipeException(file + ": " + kind(file) + " has this name, which is not overwritten", e)
                    : PathFailures.creating(file.toString(), file, e);
        }
    }

    private static String kind(Path file) {
        try {
            Stat there = Stat.ofName(FileCalls.CURRENT_DIRECTORY, file.toString());
            return there == null ? "something" : there.kind();
        } catch (ErrnoException e) {
            return "something";
        }
    }

    /** Syncs the file, which has now what was in the pipe; one that nothing came into by a failure is removed. */
    private void finish(Path file, Fd output, boolean complete) throws StandpipeException {
        try {
            if (takenBytes > 0) {
                FileCalls.syncData(output.number());
            } else if (!complete) {
                FileCalls.unlink(FileCalls.CURRENT_DIRECTORY, file.toString());
            }
        } catch (ErrnoException e) {
            throw counted(Failures.of(file.toString(), e));
        }
    }

    /** Opens the pipe, unless a process runs that would miss what is taken. */
    private DrainedPipe prepare() throws StandpipeException {
        NativeLibrary.require();
        DrainedPipe pipe = DrainedPipe.open(pid, fd);
        boolean complete = false;
        try {
            pipe.readers().scan();
            if (!options.besideReaders()) {
                checkNobodyReads(pipe);
            }
            pipe.openReadEnd();
            complete = true;
            return pipe;
        } catch (IOException e) {
            throw Failures.of(pipe.where(), e);
        } finally {
            if (!complete) {
                pipe.close();
            }
        }
    }

    private static void checkNobodyReads(DrainedPipe pipe) throws IOException {
        PipeHolderScan.Holder running = pipe.readers().running();
        if (running != null) {
            throw new ReaderRunsException(pipe.name() + " has a reader that runs, and would miss what is taken: " + describe(running)
                    + "; stop it first (kill -STOP " + running.pid() + ")", running.pid());
        }
        if (pipe.readers().all().isEmpty() && pipe.hasReader()) {
            throw new ReaderRunsException(pipe.name() + " has a reader that was not found, such as another user's process, and that"
                    + " would miss what is taken if it runs", 0);
        }
    }

    private static String describe(PipeHolderScan.Holder reader) throws IOException {
        String name;
        try {
            name = ProcessStatus.of(reader.pid()).name().replaceAll("[^ -~]", "?");
        } catch (NoSuchFileException e) {
            name = "ended since";
        }
        return "process " + reader.pid() + " (" + name + "), descriptor " + reader.fd();
    }

    private DrainReport drain(DrainedPipe pipe, int output, String name) throws StandpipeException {
        List<String> notes = new ArrayList<>();
        if (!options.besideReaders() && pipe.readers().inaccessibleProcesses() > 0) {
            notes.add("processes that could not be looked at, and may read " + pipe.name() + " too: "
                    + pipe.readers().inaccessibleProcesses());
        }
        try {
            int queued = pipe.queuedBytes();
            leftBytes = queued;
            boolean packets = pipe.readers().hasPacketWriter() || PacketProbe.findsPackets(pipe.readFd(), pipe.name());
            if (packets) {
                notes.add(pipe.name() + ": its bytes are packets, whose ends are not kept");
            }
            try (DrainSink sink = new DrainSink(output, name, packets, pipe)) {
                if (options.besideReaders() && !sink.isDirect() && pipe.readers().running() != null) {
                    throw new IllegalArgumentException(name + ": bytes go there in two steps, between which a process that reads"
                            + " the pipe could take the same ones; send them through a pipe: | cat");
                }
                boolean atEnd = move(pipe, sink, options.following() ? Long.MAX_VALUE : queued, notes);
                leftBytes = pipe.queuedBytes();
                return new DrainReport(pipe.name(), takenBytes, leftBytes, atEnd, notes);
            } finally {
                leftBytes = pipe.queuedBytes();
            }
        } catch (IOException e) {
            throw counted(Failures.of(pipe.where(), e));
        }
    }

    /** Moves bytes; returns whether the pipe is at its end. */
    private boolean move(DrainedPipe pipe, DrainSink sink, long mostBytes, List<String> notes) throws IOException {
        WaitLimit limit = WaitLimit.of(options.timeout());
        while (takenBytes < mostBytes && !stopping) {
            long moved = sink.move(pipe.readFd(), mostBytes - takenBytes, (int) limit.left(TURN).toMillis());
            if (moved == 0) {
                return true;
            }
            if (moved != Pipes.WOULD_BLOCK) {
                takenBytes += moved;
            } else if (pipe.queuedBytes() == 0) {
                if (!options.following()) {
                    return false;
                }
                PipeCalls.awaitBytes(pipe.readFd(), (int) limit.left(TURN).toMillis());
            }
            if (moved == Pipes.WOULD_BLOCK && limit.isReached()) {
                notes.add("the timeout or an interrupt ended the wait: nothing more is taken");
                return false;
            }
            PipeHolderScan.@Nullable Holder reader = options.following() && !options.besideReaders() ? reader(pipe) : null;
            if (reader != null) {
                notes.add(describe(reader) + ", reads " + pipe.name() + " now: nothing more is taken");
                return false;
            }
        }
        return false;
    }

    /** Returns a process that has begun to read, or goes on; it is looked for now and then. */
    private static PipeHolderScan.@Nullable Holder reader(DrainedPipe pipe) throws IOException {
        pipe.readers().scanNowAndThen();
        return pipe.readers().running();
    }

    /** Adds to a failure where the bytes are. */
    private StandpipeException counted(StandpipeException e) {
        String message = e.getMessage() + "; bytes taken and written: " + takenBytes + ", left in the pipe: " + leftBytes;
        return e instanceof UnavailableException ? new UnavailableException(message, e) : new StandpipeException(message, e);
    }
}
