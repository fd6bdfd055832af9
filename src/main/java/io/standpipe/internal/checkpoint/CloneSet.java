// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.checkpoint;

import io.standpipe.Image;
import io.standpipe.StandpipeException;
import io.standpipe.UnavailableException;
import io.standpipe.internal.pipes.MergeRoomProbe;
import io.standpipe.internal.pipes.PipeCapacity;
import io.standpipe.internal.pipes.PipePair;
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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A clone for each of many pipes, made beforehand: within the freeze there are only the tees. */
final class CloneSet implements AutoCloseable {

    private static final String HINT = "; or have the image written while its users stand still, with one clone for all:"
            + " --write-while-frozen (in the library, Checkpoint.writingWhileFrozen)";

    private final List<OpenPipe> pipes;
    private final TeeBatch batch;
    private final @Nullable Fd[] clones;
    private final int[] capacities;
    private final Image.ExternalEnds[] external;
    private final int[] mergeRooms;

    private CloneSet(Collection<OpenPipe> pipes) {
        this.pipes = List.copyOf(pipes);
        batch = new TeeBatch(pipes.size());
        clones = new Fd[pipes.size()];
        capacities = new int[pipes.size()];
        external = new Image.ExternalEnds[pipes.size()];
        mergeRooms = new int[pipes.size()];
        Arrays.fill(mergeRooms, PageSize.SIZE_BYTES);
    }

    /** Makes the clones, still empty. */
    static CloneSet prepare(Collection<OpenPipe> pipes) throws StandpipeException {
        CloneSet made = new CloneSet(pipes);
        boolean complete = false;
        try {
            for (int i = 0; i < made.pipes.size(); i++) {
                made.external[i] = made.pipes.get(i).pollForExternalEnds();
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
        OpenPipe pipe = pipes.get(index);
        try {
            int source = pipe.readable();
            capacities[index] = Pipes.capacityBytes(source);
            Fd clone = empty(capacities[index]);
            clones[index] = clone;
            batch.set(index, source, clone.number());
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

    /** Returns an fd of an empty pipe, by which it can be filled and emptied. */
    private static Fd empty(int capacityBytes) throws StandpipeException, ErrnoException {
        PipeEnds ends = Pipes.pipe2(PipeFlags.O_CLOEXEC);
        try (Fd read = ends.readEnd(); Fd write = ends.writeEnd()) {
            PipeCapacity.set(write.number(), capacityBytes, "a pipe to clone into");
            return FileCalls.reopen(read.number(), Flags.O_RDWR | Flags.O_NONBLOCK);
        }
    }

    private int clone(int index) {
        return Objects.requireNonNull(clones[index]).number();
    }

    /**
     * Tees once and empties the clones again: the second time finds what it touches in the processor's caches, and takes a third less.
     *
     * @return false if a tee failed; the clones are of no use then
     */
    boolean warmUp() throws StandpipeException {
        if (batch.take() > 0) {
            return false;
        }
        try (Fd nowhere = FileCalls.open(FileCalls.CURRENT_DIRECTORY, "/dev/null", Flags.O_WRONLY, 0)) {
            for (int i = 0; i < clones.length; i++) {
                empty(i, nowhere);
            }
            return true;
        } catch (ErrnoException e) {
            throw Failures.of("a clone", e);
        }
    }

    private void empty(int index, Fd nowhere) throws StandpipeException, ErrnoException {
        long lengthBytes = batch.lengthBytes(index);
        long movedBytes = PipePair.moveAll(clone(index), nowhere.number(), lengthBytes);
        if (movedBytes < lengthBytes) {
            throw new StandpipeException("a clone's last " + (lengthBytes - movedBytes) + " bytes cannot be let go (EPIPE)");
        }
    }

    /** Returns the tees that are to be executed within the freeze. */
    TeeBatch batch() {
        return batch;
    }

    /** Tees all pipes now. */
    void tee() throws StandpipeException {
        batch.take();
        for (int i = 0; i < pipes.size(); i++) {
            checkCapacity(i);
        }
    }

    /**
     * Returns whether the tees took all there was: no source was resized. A clone that has no free slot, though it has room for more
     * bytes, leaves a question that only its source answers, within the freeze.
     */
    boolean isWhole() throws StandpipeException {
        try {
            for (int i = 0; i < pipes.size(); i++) {
                if (isResized(i) || hasNoFreeSlot(i)) {
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

    private boolean hasNoFreeSlot(int index) throws ErrnoException {
        long length = batch.lengthBytes(index);
        return length > 0 && length < capacities[index] && PipeCalls.poll(clone(index), Flags.POLLOUT) == 0;
    }

    /** Tees again into a new clone where the source was resized since its clone was made: the clone may have cut it short. */
    private void checkCapacity(int index) throws StandpipeException {
        OpenPipe pipe = pipes.get(index);
        try {
            batch.lengthBytes(index);
            if (isResized(index)) {
                Objects.requireNonNull(clones[index]).close();
                prepare(index);
                TeeBatch again = new TeeBatch(1);
                again.set(0, pipe.readable(), clone(index));
                again.take();
                batch.repeat(index, again);
                checkCapacity(index);
            } else if (hasNoFreeSlot(index)) {
                mergeRooms[index] =
                        MergeRoomProbe.isSupported() ? pipe.mergeRoomBytes(PageSize.SIZE_BYTES - 1) : PageSize.SIZE_BYTES;
            }
        } catch (ErrnoException e) {
            throw TeePipe.refused(pipe.toString(), e);
        }
    }

    /** Hands the clones over: whoever has what this returns closes them. */
    List<CapturedPipe> release() throws StandpipeException {
        List<CapturedPipe> captured = new ArrayList<>(clones.length);
        for (int i = 0; i < clones.length; i++) {
            try {
                long length = batch.lengthBytes(i);
                captured.add(new CapturedPipe(
                        pipes.get(i), length == 0 ? null : clones[i], (int) length, capacities[i], external[i], mergeRooms[i]));
            } catch (ErrnoException e) {
                throw TeePipe.refused(pipes.get(i).toString(), e);
            }
        }
        for (int i = 0; i < clones.length; i++) {
            if (captured.get(i).heldClone() != null) {
                clones[i] = null;
            }
        }
        return captured;
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
