// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.restore;

import io.standpipe.Image;
import io.standpipe.StandpipeException;
import io.standpipe.internal.format.EscapedPath;
import io.standpipe.internal.proc.PipeId;
import io.standpipe.internal.store.PayloadSource;
import io.standpipe.internal.store.ProgressTracker;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.FdCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Restores open file descriptions of pipes, anonymous ones or FIFOs ("c/r" v18 46/80, pipe_file_restore; 47/80): with the
 * first description of a pipe the pipe is made and filled, and its ends wait for the descriptions that claim them.
 */
public final class PipeRestorer implements AutoCloseable {

    private static final int SETTABLE = Flags.O_APPEND | Flags.O_NONBLOCK | Flags.O_NOATIME | Flags.oDirect();

    private final PayloadSource source;
    private final RestoreOptions options;
    private final Deviations deviations;
    private final ProgressTracker progress;
    private final PipeFiller filler;
    private final InodeAttributes inodes;
    /** By the pipe's objref. */
    private final Map<Integer, PipeEnds> pipes = new LinkedHashMap<>();
    /** The objref of the pipe that each FIFO of the file system was opened for. */
    private final Map<PipeId, Integer> fifos = new HashMap<>();

    PipeRestorer(PayloadSource source, RestoreOptions options, Deviations deviations, ProgressTracker progress) {
        this.source = source;
        this.options = options;
        this.deviations = deviations;
        this.progress = progress;
        filler = new PipeFiller(source, options.copying());
        inodes = new InodeAttributes(deviations);
    }

    /** Returns a new open file description like the saved one; the caller closes it. */
    Fd restore(Image.Description description) throws StandpipeException {
        Image.Pipe pipe = source.pipe(description.pipeObjref());
        try {
            PipeEnds ends = pipes.get(pipe.objref());
            boolean first = ends == null;
            if (first) {
                SlotPlan.check(pipe, deviations);
                ends = makeFilled(description, pipe);
                pipes.put(pipe.objref(), ends);
                progress.pipe(pipe.payloadBytes());
            }
            Fd end = ends.claim(description);
            boolean flagged = false;
            try {
                setFlags(end, description);
                if (first) {
                    inodes.noteEnd(ends, pipe, end);
                }
                flagged = true;
                return end;
            } finally {
                if (!flagged) {
                    end.close();
                }
            }
        } catch (ErrnoException e) {
            throw Failures.of("pipe " + pipe.objref(), e);
        }
    }

    private PipeEnds makeFilled(Image.Description description, Image.Pipe pipe) throws StandpipeException, ErrnoException {
        if (!pipe.isFifo() && filler.showCapacity(pipe)) {
            try {
                return makeFilled(description, pipe, false);
            } catch (StandpipeException e) {
                // The pipe may have been too small: then the error of setting its capacity names the limit.
            }
        }
        return makeFilled(description, pipe, true);
    }

    private PipeEnds makeFilled(Image.Description description, Image.Pipe pipe, boolean settingCapacity)
            throws StandpipeException, ErrnoException {
        PipeEnds ends = make(description, pipe);
        boolean filled = false;
        try {
            if (settingCapacity) {
                CapacityRestorer.restore(ends.writeEnd(), pipe, deviations);
            }
            filler.fill(ends.writeEnd(), pipe);
            filled = true;
            return ends;
        } finally {
            if (!filled) {
                ends.undo();
                ends.close();
            }
        }
    }

    /** Returns an empty pipe; the image reader has refused every other file type. */
    private PipeEnds make(Image.Description description, Image.Pipe pipe) throws StandpipeException, ErrnoException {
        if (!pipe.isFifo()) {
            return NewPipe.create();
        }
        if (pipe.unlinked() && !options.unlinkedInPlace()) {
            deviations.tell("pipe " + pipe.objref() + ": an anonymous pipe instead of FIFO "
                    + EscapedPath.of(description.path()) + ", which had been unlinked");
            return NewPipe.create();
        }
        FifoLocation location = FifoLocation.find(description, pipe, options);
        Integer other = fifos.putIfAbsent(location.id(), pipe.objref());
        if (other != null) {
            // They were in different roots, or a link is new: two pipes would become one.
            location.undo();
            location.close();
            throw new StandpipeException(location + ": found for pipe " + pipe.objref()
                    + ", and is where pipe " + other + " has been restored; expected a FIFO for each");
        }
        return OpenedFifo.open(location);
    }

    /** A FIFO's ends are opened with O_NONBLOCK: there that flag may have to be cleared. */
    private static void setFlags(Fd end, Image.Description description) throws ErrnoException {
        int flags = description.flags() & SETTABLE;
        if (flags != 0 || description.isFifo()) {
            FdCalls.setStatusFlags(end.number(), flags);
        }
    }

    /** Does what is done last, when all descriptions exist: sets owners and modes, and closes the ends that nobody claimed. */
    void settle() throws StandpipeException {
        inodes.restoreAll();
        pipes.values().forEach(PipeEnds::release);
    }

    /** Undoes, after a failure, what is visible in the file system. */
    void undo() {
        pipes.values().forEach(PipeEnds::undo);
    }

    @Override
    public void close() {
        pipes.values().forEach(PipeEnds::close);
        filler.close();
    }
}
