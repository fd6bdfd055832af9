// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import com.google.gson.stream.JsonWriter;
import io.standpipe.CheckpointReport;
import io.standpipe.StandpipeException;
import io.standpipe.internal.pipes.FdSink;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.FdCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.NativeMemory;
import io.standpipe.internal.sys.PipeCalls;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Progress for a program, which reads from an fd of this process: one JSON object per line. Prints the first report of each
 * phase, later reports at intervals, and at the end one line with the outcome. If the program does not read, lines are left out;
 * only the line of the phase START and the last line wait for the program to read. The fd stays open.
 */
final class ProgressLines implements ProgressOption.Display {

    private static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int MEMORY_BYTES = 4096;
    private static final int NANOS_PER_MICRO = 1000;

    private final int fd;
    private final Consumer<String> messages;
    private final FdSink sink;
    private final NativeMemory memory = NativeMemory.nativeOrder(MEMORY_BYTES);
    private boolean ended;
    private @Nullable Phase phase;
    private Counts counts = new Counts(0, 0, 0, 0);
    private final List<String> deviations = new ArrayList<>();
    private @Nullable CheckpointReport saved;
    private long printedNanos;

    private record Counts(long pipes, long ofPipes, long bytes, long ofBytes) {}

    /**
     * @param messages gets one message if the program has gone away
     * @throws StandpipeException if the fd is not open, not open for writing, or a pipe that nobody reads from any more
     */
    ProgressLines(int fd, Consumer<String> messages) throws StandpipeException {
        this.fd = fd;
        this.messages = messages;
        sink = new FdSink(fd);
        try {
            int flags = FdCalls.statusFlags(fd);
            if ((flags & Flags.O_PATH) != 0 || (flags & Flags.O_ACCMODE) == Flags.O_RDONLY) {
                throw new StandpipeException("descriptor " + fd + ": not open for writing");
            }
            hasRoom();
        } catch (ErrnoException e) {
            throw e.errno() == Errno.EBADF
                    ? new StandpipeException("descriptor " + fd + ": it is not open", e) : Failures.of("descriptor " + fd, e);
        }
    }

    private boolean hasRoom() throws StandpipeException {
        try {
            int events = PipeCalls.poll(fd, Flags.POLLOUT);
            if ((events & Flags.POLLERR) != 0) {
                throw new StandpipeException("the reader of descriptor " + fd + " has gone away");
            }
            return (events & Flags.POLLOUT) != 0;
        } catch (ErrnoException e) {
            throw Failures.of("descriptor " + fd, e);
        }
    }

    @Override
    public void reached(Phase reached, long pipes, long ofPipes, long bytes, long ofBytes) {
        counts = new Counts(pipes, ofPipes, bytes, ofBytes);
        long now = System.nanoTime();
        if (reached != phase || (ofPipes > 0 && pipes == ofPipes) || now - printedNanos >= INTERVAL_NANOS) {
            phase = reached;
            printedNanos = now;
            print(line(reached.name().toLowerCase(Locale.ROOT), reached == Phase.START, 0, null), reached == Phase.START);
        }
    }

    @Override
    public void deviation(String sentence) {
        deviations.add(sentence);
    }

    @Override
    public void saved(CheckpointReport report) {
        saved = report;
        deviations.addAll(report.notes());
    }

    @Override
    public void done() {
        print(line("done", true, 0, null), true);
        ended = true;
    }

    @Override
    public void failed(int exitCode, String reason) {
        print(line("failed", true, exitCode, reason), true);
        ended = true;
    }

    /** @param waiting whether to wait until the program has read what came before, so that the line is not left out */
    private void print(String line, boolean waiting) {
        try {
            if (!ended && (waiting || hasRoom())) {
                write(line.getBytes(StandardCharsets.UTF_8));
            }
        } catch (StandpipeException e) {
            ended = true;
            messages.accept("--progress-fd: " + e.getMessage() + "; going on without");
        }
    }

    private void write(byte[] line) throws StandpipeException {
        for (int done = 0; done < line.length; ) {
            int part = Math.min(MEMORY_BYTES, line.length - done);
            memory.buffer().put(0, line, done, part);
            sink.write(memory, 0, part);
            done += part;
        }
    }

    /** @param isOutcome whether it may be the last line */
    private String line(String name, boolean isOutcome, int exitCode, @Nullable String reason) {
        StringWriter text = new StringWriter();
        try (JsonWriter json = new JsonWriter(text)) {
            json.beginObject().name("phase").value(name);
            json.name("pipes").value(counts.pipes()).name("ofPipes").value(counts.ofPipes());
            json.name("bytes").value(counts.bytes()).name("ofBytes").value(counts.ofBytes());
            if (saved != null) {
                json.name("frozenMicros").value(saved.frozen().toNanos() / NANOS_PER_MICRO);
                json.name("imageBytes").value(saved.imageBytes());
            }
            if (reason != null) {
                json.name("status").value(exitCode).name("reason").value(reason);
            } else if (isOutcome) {
                ReportJson.strings(json, "deviations", deviations);
            }
            json.endObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.append('\n').toString();
    }
}
