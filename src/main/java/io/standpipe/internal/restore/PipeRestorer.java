// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.restore;

import io.standpipe.Image;
import io.standpipe.StandpipeException;
import io.standpipe.UnavailableException;
import io.standpipe.internal.format.EscapedPath;
import io.standpipe.internal.proc.PipeId;
import io.standpipe.internal.store.PayloadSource;
import io.standpipe.internal.store.ProgressTracker;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.FdCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Restores open file descriptions of pipes, anonymous ones or FIFOs ("c/r" v18 46/80, pipe_file_restore; 47/80): with its
 * first description a pipe is made and filled, and its ends wait for the descriptions that claim them.
 */
final class PipeRestorer implements AutoCloseable {

    private static final int SETTABLE = Flags.O_APPEND | Flags.O_NONBLOCK | Flags.O_NOATIME | Flags.oDirect();

    private final PayloadSource source;
    private final RestoreOptions options;
    private final Deviations deviations;
    private final ProgressTracker progress;
    private final PipeFiller filler;
    private final InodeAttributes inodes;
    /** By objref. */
    private final Map<Integer, Claims> pipes = new HashMap<>();
    private final Map<Integer, FifoEnds> fifoEnds;
    private final Map<PipeId, FifoLocation> fifos = new HashMap<>();

    /** @param processes with the descriptions that are going to be restored */
    PipeRestorer(
            PayloadSource source, List<Image.Process> processes, RestoreOptions options, Deviations deviations,
            ProgressTracker progress) {
        this.source = source;
        fifoEnds = FifoEnds.of(processes);
        countClaims(processes);
        this.options = options;
        this.deviations = deviations;
        this.progress = progress;
        filler = new PipeFiller(source, options.copying());
        inodes = new InodeAttributes(deviations);
    }

    /** The ends of a pipe, null before it is made, and how many descriptions are yet to claim one. They are closed when none is. */
    private static final class Claims {
        private int left;
        private @Nullable UnclaimedEnds ends;
    }

    private void countClaims(List<Image.Process> processes) {
        // Processes share descriptions: by identity, since a set by objref takes thrice the memory.
        Set<Image.Description> met = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Image.Process process : processes) {
            for (Image.Descriptor descriptor : process.table().descriptors()) {
                if (met.add(descriptor.description())) {
                    pipes.computeIfAbsent(descriptor.description().pipeObjref(), none -> new Claims()).left++;
                }
            }
        }
    }

    /** Returns a new open file description like the saved one; the caller closes it. */
    Fd restore(Image.Description description) throws StandpipeException {
        Image.Pipe pipe = source.pipe(description.pipeObjref());
        try {
            Claims claims = Objects.requireNonNull(pipes.get(pipe.objref()));
            UnclaimedEnds ends = claims.ends;
            boolean first = ends == null;
            if (ends == null) {
                SlotPlan.check(pipe, deviations);
                ends = makeFilled(description, pipe);
                claims.ends = ends;
                progress.pipe(pipe.payloadBytes());
                explain(pipe, ends, description);
            }
            Fd end = ends.claim(description);
            boolean complete = false;
            try {
                setFlags(end, description);
                if (first) {
                    inodes.note(pipe, ends, end);
                }
                if (--claims.left == 0) {
                    ends.close();
                }
                complete = true;
                return end;
            } finally {
                if (!complete) {
                    end.close();
                }
            }
        } catch (ErrnoException e) {
            throw Failures.of("pipe " + pipe.objref(), e);
        }
    }

    private void explain(Image.Pipe pipe, UnclaimedEnds ends, Image.Description description) {
        if (progress.isExplained()) {
            byte[] path = description.path();
            progress.decided("pipe " + pipe.objref() + ": " + (path != null && !(ends instanceof NewPipe)
                            ? "FIFO " + EscapedPath.of(path) + (ends.isNew() ? ", made anew" : ", opened") : "a new pipe")
                    + " of " + pipe.capacityBytes() + " bytes, filled with " + pipe.payloadBytes() + " bytes"
                    + (pipe.payloadBytes() == 0 ? "" : options.copying() ? " by copying: that was asked for"
                            : ", whole pages by splice, which shares them with the image"));
        }
    }

    private UnclaimedEnds makeFilled(Image.Description description, Image.Pipe pipe)
            throws StandpipeException, ErrnoException {
        if (!pipe.isFifo() && filler.provesCapacity(pipe)) {
            try {
                return makeFilled(description, pipe, false);
            } catch (StandpipeException e) {
                // The pipe may have been too small: then the error of setting its capacity names the limit.
            }
        }
        return makeFilled(description, pipe, true);
    }

    private UnclaimedEnds makeFilled(Image.Description description, Image.Pipe pipe, boolean settingCapacity)
            throws StandpipeException, ErrnoException {
        UnclaimedEnds ends = make(description, pipe);
        boolean filled = false;
        try {
            if (settingCapacity) {
                CapacityRestorer.restore(ends.writeFd(), pipe, deviations);
            }
            filler.fill(ends.writeFd(), pipe);
            filled = true;
            return ends;
        } finally {
            if (!filled) {
                ends.close();
            }
        }
    }

    private UnclaimedEnds make(Image.Description description, Image.Pipe pipe)
            throws StandpipeException, ErrnoException {
        if (!pipe.isFifo()) {
            return NewPipe.create();
        }
        byte[] path = Objects.requireNonNull(description.path());
        if (pipe.unlinked() && !options.recreatingUnlinked()) {
            deviations.add("pipe " + pipe.objref() + ": an anonymous pipe instead of FIFO "
                    + EscapedPath.of(path) + ", which had been unlinked");
            return NewPipe.create();
        }
        FifoLocation location = FifoLocation.find(path, pipe, options);
        FifoLocation other = fifos.putIfAbsent(location.id(), location);
        if (other != null) {
            // The FIFOs were in different roots, or a link is new: two pipes would become one.
            location.undo();
            location.close();
            throw new StandpipeException(location + ": found for pipe " + pipe.objref() + ", and is where pipe "
                    + other.pipeObjref() + " has been restored; expected a FIFO for each");
        }
        FifoEnds ends = Objects.requireNonNull(fifoEnds.get(pipe.objref()));
        FifoBystanders.check(location, path, ends, pipe, deviations);
        return OpenedFifo.open(location, ends.needsWriter(pipe));
    }

    /** The ends of a FIFO are opened with O_NONBLOCK, which may have to be cleared. */
    private void setFlags(Fd end, Image.Description description) throws StandpipeException, ErrnoException {
        int flags = description.flags() & SETTABLE;
        if (flags == 0 && !description.isFifo()) {
            return;
        }
        try {
            FdCalls.setStatusFlags(end.number(), flags);
        } catch (ErrnoException e) {
            if (e.errno() != Errno.EPERM || (flags & Flags.O_NOATIME) == 0) {
                throw e;
            }
            String what = "description " + description.objref() + ": ";
            deviations.accept(
                    what + "has no O_NOATIME, which the owner of its FIFO may set",
                    new UnavailableException(what + "O_NOATIME cannot be set, except by the owner of its FIFO: grant CAP_FOWNER,"
                            + " or go on without: --best-effort (in the library, Restore.bestEffort)", e));
            FdCalls.setStatusFlags(end.number(), flags & ~Flags.O_NOATIME);
        }
    }

    /** Sets owners and modes, when all descriptions are restored. */
    void finish() throws StandpipeException {
        inodes.restoreAll();
    }

    /** Removes, after a failure, the names of the FIFOs that were made. */
    void undo() {
        fifos.values().forEach(FifoLocation::undo);
    }

    @Override
    public void close() {
        for (Claims claims : pipes.values()) {
            if (claims.ends != null) {
                claims.ends.close();
            }
        }
        fifos.values().forEach(FifoLocation::close);
        filler.close();
    }
}
