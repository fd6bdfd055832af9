// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.checkpoint;

import static io.standpipe.pipe.PipeFlags.SPLICE_F_NONBLOCK;

import io.standpipe.StandpipeException;
import io.standpipe.UnavailableException;
import io.standpipe.internal.pipes.MergeRoomProbe;
import io.standpipe.internal.pipes.PipeCapacity;
import io.standpipe.internal.pipes.TeePipe;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.PageSize;
import io.standpipe.internal.sys.PipeCalls;
import io.standpipe.internal.sys.TeeBatch;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import io.standpipe.pipe.PipeEnds;
import io.standpipe.pipe.PipeFlags;
import io.standpipe.pipe.Pipes;
import java.util.List;

/**
 * A clone for each of many pipes: made beforehand, so that {@link #take} is all that is left to do while the pipes' users
 * stand still.
 */
public final class CloneSet implements AutoCloseable {

    private static final String HINT = "; or have the image written while its users stand still, with one clone for all:"
            + " --write-while-frozen (in the library, Checkpoint.writingWhileFrozen)";

    private final List<SavedPipe> pipes;
    private final TeeBatch captures;
    private final Fd[] clones;
    private final int[] capacities;
    private final int[] outside;
    private final int[] tailRooms;

    private CloneSet(List<SavedPipe> pipes) {
        this.pipes = pipes;
        captures = new TeeBatch(pipes.size());
        clones = new Fd[pipes.size()];
        capacities = new int[pipes.size()];
        outside = new int[pipes.size()];
        tailRooms = new int[pipes.size()];
    }

    /** Makes the clones, still empty. */
    static CloneSet prepare(List<SavedPipe> pipes) throws StandpipeException {
        CloneSet made = new CloneSet(pipes);
        boolean complete = false;
        try {
            for (int i = 0; i < pipes.size(); i++) {
                made.outside[i] = pipes.get(i).outside();
                made.tailRooms[i] = PageSize.SIZE_BYTES;
                made.prepare(i);
            }
            complete = true;
            return made;
        } catch (ErrnoException e) {
            throw Failures.of("a pipe's ends", e);
        } finally {
            if (!complete) {
                made.close();
            }
        }
    }

    private void prepare(int index) throws StandpipeException {
        SavedPipe pipe = pipes.get(index);
        try {
            int source = pipe.readable();
            capacities[index] = Pipes.capacityBytes(source);
            clones[index] = empty(capacities[index]);
            captures.set(index, source, clones[index].number());
        } catch (UnavailableException e) {
            throw new UnavailableException(e.getMessage() + HINT, e);
        } catch (ErrnoException e) {
            if (e.errno() == Errno.EMFILE || e.errno() == Errno.ENFILE) {
                throw new UnavailableException("no descriptor is left for a clone of each of " + pipes.size() + " pipes: "
                        + e.getMessage() + "; raise ulimit -n" + HINT, e);
            }
            throw Failures.of(pipe.toString(), e);
        }
    }

    /** A pipe that one descriptor can fill and empty. */
    private static Fd empty(int capacityBytes) throws StandpipeException, ErrnoException {
        PipeEnds ends = Pipes.pipe2(PipeFlags.O_CLOEXEC);
        try (Fd read = ends.readEnd(); Fd write = ends.writeEnd()) {
            PipeCapacity.set(write.number(), capacityBytes, "a pipe to clone into");
            return FileCalls.reopen(read.number(), Flags.O_RDWR | Flags.O_NONBLOCK);
        }
    }

    /**
     * Takes what is in the pipes once and lets it go again: the second time finds all that it touches in the processor's caches,
     * and is quicker by a third.
     *
     * @return false if a clone failed; then these are of no use any more
     */
    boolean rehearse() throws StandpipeException {
        if (captures.take() > 0) {
            return false;
        }
        try (Fd nowhere = FileCalls.open(FileCalls.CURRENT_FOLDER, "/dev/null", Flags.O_WRONLY, 0)) {
            for (int i = 0; i < clones.length; i++) {
                empty(i, nowhere);
            }
            return true;
        } catch (ErrnoException e) {
            throw Failures.of("a clone", e);
        }
    }

    private void empty(int index, Fd nowhere) throws StandpipeException, ErrnoException {
        for (long left = captures.lengthBytes(index); left > 0; ) {
            long moved = Pipes.splice(clones[index].number(), nowhere.number(), Integer.MAX_VALUE, SPLICE_F_NONBLOCK);
            if (moved <= 0) {
                throw new StandpipeException("a clone's last " + left + " bytes cannot be let go (EPIPE)");
            }
            left -= moved;
        }
    }

    /** To be taken by somebody else. */
    TeeBatch captures() {
        return captures;
    }

    /** Takes what is in the pipes now. */
    void take() throws StandpipeException {
        captures.take();
        for (int i = 0; i < pipes.size(); i++) {
            lookAgain(i);
        }
    }

    /**
     * Whether what was taken, by somebody else, is all there was: no source was resized. A full clone whose last slot is not
     * leaves a question that only its source answers, while it stands still.
     */
    boolean isWhole() throws StandpipeException {
        try {
            for (int i = 0; i < pipes.size(); i++) {
                if (isResized(i) || isFull(i)) {
                    return false;
                }
            }
            return true;
        } catch (ErrnoException e) {
            throw Failures.of("a pipe's capacity", e);
        }
    }

    private boolean isResized(int index) throws ErrnoException {
        return Pipes.capacityBytes(pipes.get(index).readable()) != capacities[index];
    }

    /** Whether the clone has no slot left, though it has room for more bytes than it holds. */
    private boolean isFull(int index) throws ErrnoException {
        long length = captures.lengthBytes(index);
        return length > 0 && length < capacities[index] && PipeCalls.poll(clones[index].number(), Flags.POLLOUT) == 0;
    }

    /** A source resized since its clone was made may have been cut short: then it is done once more. */
    private void lookAgain(int index) throws StandpipeException {
        SavedPipe pipe = pipes.get(index);
        try {
            captures.lengthBytes(index);
            if (isResized(index)) {
                clones[index].close();
                prepare(index);
                TeeBatch again = new TeeBatch(1);
                again.set(0, pipe.readable(), clones[index].number());
                again.take();
                captures.repeat(index, again);
                lookAgain(index);
            } else if (isFull(index)) {
                tailRooms[index] = MergeRoomProbe.isSupported()
                        ? MergeRoomProbe.mergeRoomBytes(pipe.readable(), PageSize.SIZE_BYTES - 1)
                        : PageSize.SIZE_BYTES;
            }
        } catch (ErrnoException e) {
            throw TeePipe.refused(pipe.toString(), e);
        }
    }

    /** Hands the clones over to their pipes, which let go of everything else. */
    void settle() throws StandpipeException {
        for (int i = 0; i < clones.length; i++) {
            SavedPipe pipe = pipes.get(i);
            try {
                long length = captures.lengthBytes(i);
                if (length == 0) {
                    clones[i].close();
                }
                pipe.hold(new CapturedPipe(
                        length == 0 ? null : clones[i], length, capacities[i], outside[i], tailRooms[i]));
                clones[i] = null;
            } catch (ErrnoException e) {
                throw TeePipe.refused(pipe.toString(), e);
            }
        }
    }

    @Override
    public void close() {
        for (Fd clone : clones) {
            if (clone != null) {
                clone.close();
            }
        }
    }
}
