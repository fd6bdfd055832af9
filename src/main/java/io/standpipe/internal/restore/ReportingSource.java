// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.restore;

import io.standpipe.Progress;
import io.standpipe.StandpipeException;
import io.standpipe.internal.format.Image;
import io.standpipe.internal.pipes.FdSink;
import io.standpipe.internal.store.PayloadSource;
import io.standpipe.internal.store.ProgressTracker;
import io.standpipe.internal.sys.NativeMemory;
import io.standpipe.pipe.ErrnoException;




import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** A source to which somebody listens: what is taken from it tells how far the restore has come. */
public final class ReportingSource implements PayloadSource {

    private final PayloadSource source;
    private final ProgressTracker reporter;
    private long lengthBytes;
    private long leftBytes;

    public ReportingSource(PayloadSource source, ProgressTracker reporter) {
        this.source = source;
        this.reporter = reporter;
    }

    @Override
    public List<Image.Process> processes() throws StandpipeException {
        reporter.begin(Progress.Phase.CHECK, 0, 0);
        List<Image.Process> processes = source.processes();
        Set<Image.Pipe> pipes = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Image.Process process : processes) {
            process.table().descriptors().forEach(descriptor -> pipes.add(descriptor.description().pipe()));
        }
        reporter.begin(
                Progress.Phase.RESTORE, pipes.size(), pipes.stream().mapToLong(Image.Pipe::payloadBytes).sum());
        return processes;
    }

    @Override
    public void freeNumbersTo(int highest) throws ErrnoException {
        source.freeNumbersTo(highest);
    }

    @Override
    public void begin(Image.Pipe pipe) throws StandpipeException {
        source.begin(pipe);
        lengthBytes = pipe.payloadBytes();
        leftBytes = lengthBytes;
        taken(0);
    }

    @Override
    public void splice(int pipe, long offsetBytes, long length) throws StandpipeException, ErrnoException {
        source.splice(pipe, offsetBytes, length);
        taken(length);
    }

    @Override
    public void read(long offsetBytes, NativeMemory into, int length) throws StandpipeException {
        source.read(offsetBytes, into, length);
        taken(length);
    }

    /** Each byte is taken once. */
    private void taken(long length) {
        leftBytes -= length;
        if (leftBytes == 0) {
            reporter.pipe(lengthBytes);
        }
    }

    @Override
    public void send(long offsetBytes, long lengthBytes, FdSink outlet) throws StandpipeException {
        source.send(offsetBytes, lengthBytes, outlet);
    }

    @Override
    public String toString() {
        return source.toString();
    }

    @Override
    public void close() {
        source.close();
    }
}
