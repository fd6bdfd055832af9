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

/**
 * Progress for a program: an object a line, the first of each phase and then some of those that follow, and one that tells
 * how it ended. A program that does not read, or is gone, holds nothing up but that last line.
 */
final class ProgressLines implements ProgressDisplay {

    private static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final PrintWriter err;
    private ProgressFd output;
    private Phase phase;
    private long toldNanos;
    private long pipes;
    private long ofPipes;
    private long bytes;
    private long ofBytes;

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
        if (reached != phase || (ofPipes > 0 && pipes == ofPipes) || now - toldNanos >= INTERVAL_NANOS) {
            phase = reached;
            toldNanos = now;
            tell(line(phase.name().toLowerCase(Locale.ROOT), 0, null), phase == Phase.START);
        }
    }

    @Override
    public void done() {
        end(line("done", 0, null));
    }

    @Override
    public void failed(int status, String reason) {
        end(line("failed", status, reason));
    }

    private void end(String line) {
        tell(line, true);
        output = null;
    }

    /** @param waiting whether it is to arrive even if the program has not read what came before */
    private void tell(String line, boolean waiting) {
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
            ExitCode.tell(err, "--progress-fd: " + e.getMessage() + "; going on without");
        }
    }

    private String line(String name, int status, String reason) {
        StringWriter text = new StringWriter();
        try (JsonWriter json = new JsonWriter(text)) {
            json.beginObject();
            json.name("phase").value(name);
            json.name("pipes").value(pipes);
            json.name("ofPipes").value(ofPipes);
            json.name("bytes").value(bytes);
            json.name("ofBytes").value(ofBytes);
            if (reason != null) {
                json.name("status").value(status);
                json.name("reason").value(reason);
            }
            json.endObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }
}
