// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import com.google.gson.stream.JsonWriter;
import io.standpipe.StandpipeException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Progress for a program: one JSON object per line. Prints the first report of each phase, later reports at intervals, and at
 * the end one line with the outcome. If the program does not read, lines are left out; only the line of the phase START and the
 * last line wait for the program to read.
 */
final class ProgressLines implements ProgressOption.Display {

    private static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final PrintWriter err;
    private @Nullable ProgressFd output;
    private @Nullable Phase phase;
    private long printedNanos;
    private long pipes;
    private long ofPipes;
    private long bytes;
    private long ofBytes;

    /** @param err gets one message if the program has gone away */
    ProgressLines(ProgressFd output, PrintWriter err) {
        this.output = output;
        this.err = err;
    }

    @Override
    public void reached(Phase reached, long pipesDone, long pipesToDo, long bytesDone, long bytesToDo) {
        pipes = pipesDone;
        ofPipes = pipesToDo;
        bytes = bytesDone;
        ofBytes = bytesToDo;
        long now = System.nanoTime();
        if (reached != phase || (ofPipes > 0 && pipes == ofPipes) || now - printedNanos >= INTERVAL_NANOS) {
            phase = reached;
            printedNanos = now;
            print(line(reached.name().toLowerCase(Locale.ROOT), 0, null), reached == Phase.START);
        }
    }

    @Override
    public void done() {
        end(line("done", 0, null));
    }

    @Override
    public void failed(int exitCode, String reason) {
        end(line("failed", exitCode, reason));
    }

    private void end(String line) {
        print(line, true);
        output = null;
    }

    /** @param waiting whether to wait until the program has read what came before, so that the line is not left out */
    private void print(String line, boolean waiting) {
        if (output == null) {
            return;
        }
        try {
            if (waiting) {
                output.write(line);
            } else {
                output.offer(line);
            }
        } catch (StandpipeException e) {
            output = null;
            ExitCode.printMessage(err, "--progress-fd: " + e.getMessage() + "; going on without");
        }
    }

    private String line(String name, int exitCode, @Nullable String reason) {
        StringWriter text = new StringWriter();
        try (JsonWriter json = new JsonWriter(text)) {
            json.beginObject();
            json.name("phase").value(name);
            json.name("pipes").value(pipes);
            json.name("ofPipes").value(ofPipes);
            json.name("bytes").value(bytes);
            json.name("ofBytes").value(ofBytes);
            if (reason != null) {
                json.name("status").value(exitCode);
                json.name("reason").value(reason);
            }
            json.endObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }
}
