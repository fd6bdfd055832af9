// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.checkpoint;

import io.standpipe.Image;
import io.standpipe.StandpipeException;
import io.standpipe.UnavailableException;
import io.standpipe.internal.checkpoint.CapturedPipes.CapturedPipe;
import io.standpipe.internal.pipes.MergeRoomProbe;
import io.standpipe.internal.pipes.PipeCapacity;
import io.standpipe.internal.pipes.PipePair;
import io.standpipe.internal.pipes.TeePipe;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.NativeMemory;
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
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A clone for each of many pipes, made beforehand: within the freeze there are only the tees. */
final class CloneSet implements AutoCloseable {

    private static final String HINT = "; or have the image written while its users are frozen, with one clone for all:"
            + " --write-while-frozen (in the library, Checkpoint.writingWhileFrozen)";

    /** The clone of a pipe, made for the capacity that the pipe had then. */
    private record Clone(OpenPipe pipe, Image.ExternalEnds external, Fd fd, int capacityBytes, int mergeRoomBytes) {

        boolean isResized() throws ErrnoException {
            return Pipes.capacityBytes(pipe.fd()) != capacityBytes;
        }

        boolean hasNoFreeSlot(long lengthBytes) throws ErrnoException {
            return lengthBytes > 0 && lengthBytes < capacityBytes && PipeCalls.poll(fd.number(), Flags.POLLOUT) == 0;
        }

        Clone withFd(Fd other) {
            return new Clone(pipe, external, other, capacityBytes, mergeRoomBytes);
        }

        Clone withMergeRoom(int foundBytes) {
            return new Clone(pipe, external, fd, capacityBytes, foundBytes);
        }

        CapturedPipe captured(long lengthBytes) {
            return new CapturedPipe(
                    pipe, lengthBytes == 0 ? null : fd, (int) lengthBytes, capacityBytes, external, mergeRoomBytes);
        }
    }

    /** So many fds that are not needed any more are closed by one call; they count against the limit of fds until then. */
    private static final int CLOSED_TOGETHER = 16;

    private final int size;
    private final List<Clone> clones;
    private final List<Fd> unneeded = new ArrayList<>(CLOSED_TOGETHER);
    private final TeeBatch batch;
    private final @Nullable CopiedClones copies;

    private CloneSet(int size, @Nullable CopiedClones copies) {
        this.size = size;
        this.copies = copies;
        clones = new ArrayList<>(size);
        batch = new TeeBatch(size);
    }

    /**
     * Makes the clones, still empty.
     *
     * @param copying whether the bytes are copied, too, when the pipes are cloned: a clone shares pages that somebody may change
     */
    static CloneSet prepare(Collection<OpenPipe> pipes, boolean copying) throws StandpipeException {
        CloneSet made = new CloneSet(pipes.size(), copying ? new CopiedClones() : null);
        boolean complete = false;
        try {
            for (OpenPipe pipe : pipes) {
                made.clones.add(made.prepare(made.clones.size(), pipe, pipe.pollForExternalEnds()));
                if (made.unneeded.size() >= CLOSED_TOGETHER) {
                    made.closeUnneeded();
                }
            }
            made.closeUnneeded();
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

    private Clone prepare(int index, OpenPipe pipe, Image.ExternalEnds external) throws StandpipeException {
        try {
            pipe.checkUnnoticed();
            int capacityBytes = Pipes.capacityBytes(pipe.fd());
            if (copies != null) {
                copies.prepare(batch, index, capacityBytes);
            }
            Fd fd = empty(capacityBytes, unneeded);
            batch.set(index, pipe.capturedBy(), pipe.fd(), fd.number());
            return new Clone(pipe, external, fd, capacityBytes, PageSize.SIZE_BYTES);
        } catch (UnavailableException e) {
            throw new UnavailableException(e.getMessage() + hint(), e);
        } catch (ErrnoException e) {
            if (e.errno() == Errno.EMFILE || e.errno() == Errno.ENFILE) {
                throw new UnavailableException("no descriptor is left for clones of " + size + (size == 1 ? " pipe" : " pipes") + "; raise ulimit -n" + hint(), e);
            }
            throw TeePipe.refused(pipe.toString(), e);
        }
    }

    /** One pipe needs one clone in any case. */
    private String hint() {
        return size > 1 ? HINT : "";
    }

    /** Returns an fd of an empty pipe, by which it can be filled and emptied. */
    static Fd empty(int capacityBytes) throws StandpipeException, ErrnoException {
        List<Fd> unneeded = new ArrayList<>(2);
        try {
            return empty(capacityBytes, unneeded);
        } finally {
            Fd.closeAll(unneeded);
        }
    }

    /** @param unneeded gets the fds by which the pipe was made, to be closed */
    private static Fd empty(int capacityBytes, List<Fd> unneeded) throws StandpipeException, ErrnoException {
        PipeEnds ends = Pipes.pipe2(PipeFlags.O_CLOEXEC);
        unneeded.add(ends.readEnd());
        unneeded.add(ends.writeEnd());
        PipeCapacity.set(ends.writeFd(), capacityBytes, "a pipe to clone into");
        return FileCalls.reopen(ends.readFd(), Flags.O_RDWR | Flags.O_NONBLOCK);
    }

    private void closeUnneeded() {
        Fd.closeAll(unneeded);
        unneeded.clear();
    }

    /**
     * Tees once and empties the clones again: the second time finds what it touches in the processor's caches, and takes a third less.
     * What can be captured by a write end only is left out, since that opens a read end, which is for the freeze alone.
     *
     * @return false if a tee failed; the clones are of no use then
     */
    boolean warmUp() throws StandpipeException {
        for (int i = 0; i < size; i++) {
            OpenPipe pipe = clones.get(i).pipe();
            TeeBatch.By by = pipe.hasOnlyWriteEnds() ? TeeBatch.By.NOTHING : TeeBatch.By.READ_END;
            batch.set(i, by, pipe.fd(), clones.get(i).fd().number());
        }
        boolean taken = batch.take() == 0;
        for (int i = 0; i < size; i++) {
            OpenPipe pipe = clones.get(i).pipe();
            batch.set(i, pipe.capturedBy(), pipe.fd(), clones.get(i).fd().number());
        }
        if (!taken) {
            return false;
        }
        try (Fd nowhere = FileCalls.open(FileCalls.CURRENT_DIRECTORY, "/dev/null", Flags.O_WRONLY, 0)) {
            for (int i = 0; i < size; i++) {
                long lengthBytes = batch.lengthBytes(i);
                long leftBytes = lengthBytes - PipePair.moveAll(clones.get(i).fd().number(), nowhere.number(), lengthBytes);
                if (leftBytes > 0) {
                    throw new StandpipeException("a clone's last " + leftBytes + " bytes cannot be discarded");
                }
            }
            return true;
        } catch (ErrnoException e) {
            throw Failures.of("a clone", e);
        }
    }

    /** Returns whether the bytes are copied, too. */
    boolean isCopying() {
        return copies != null;
    }

    /** Returns the tees that are to be executed within the freeze. */
    TeeBatch batch() {
        return batch;
    }

    /** Tees all pipes now. */
    void tee() throws StandpipeException {
        batch.take();
        for (int i = 0; i < size; i++) {
            checkCapacity(i);
        }
    }

    /**
     * Returns whether the tees took all there was: no source was resized. A clone that has no free slot, though it has room for more
     * bytes, leaves a question that only its source answers, within the freeze.
     */
    boolean isWhole() throws StandpipeException {
        try {
            for (int i = 0; i < size; i++) {
                if (clones.get(i).isResized() || clones.get(i).hasNoFreeSlot(batch.lengthBytes(i))) {
                    return false;
                }
            }
            return true;
        } catch (ErrnoException e) {
            throw Failures.of("a pipe's capacity", e);
        }
    }

    /** Tees again into a new clone where the source was resized since its clone was made: the clone may have cut it short. */
    private void checkCapacity(int index) throws StandpipeException {
        Clone clone = clones.get(index);
        OpenPipe pipe = clone.pipe();
        try {
            long lengthBytes = batch.lengthBytes(index);
            if (clone.isResized()) {
                clone.fd().close();
                Clone larger = prepare(index, pipe, clone.external());
                clones.set(index, larger);
                TeeBatch again = new TeeBatch(1);
                again.set(0, pipe.capturedBy(), pipe.fd(), larger.fd().number());
                if (copies != null) {
                    copies.prepare(again, 0, larger.capacityBytes());
                }
                again.take();
                batch.repeat(index, again);
                checkCapacity(index);
            } else if (clone.hasNoFreeSlot(lengthBytes) && MergeRoomProbe.isSupported()) {
                clones.set(index, clone.withMergeRoom(pipe.mergeRoomBytes(PageSize.SIZE_BYTES - 1)));
            }
        } catch (ErrnoException e) {
            throw TeePipe.refused(pipe.toString(), e);
        }
    }

    /** Hands the clones over, by objref of their pipes: whoever has what this returns closes them. */
    Map<Integer, CapturedPipe> release() throws StandpipeException {
        Map<Integer, CapturedPipe> captured = new LinkedHashMap<>();
        List<Fd> empty = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            Clone clone = clones.get(i);
            try {
                long lengthBytes = batch.lengthBytes(i);
                NativeMemory copied = batch.copied(i);
                if (copies != null && copied != null && lengthBytes > 0) {
                    clone = clone.withFd(copies.rebuild(copied, (int) lengthBytes, clone.fd(), clone.capacityBytes()));
                    clones.set(i, clone);
                }
                CapturedPipe held = clone.captured(lengthBytes);
                captured.put(clone.pipe().objref(), held);
                if (held.heldClone() == null) {
                    empty.add(clone.fd());
                }
            } catch (ErrnoException e) {
                throw TeePipe.refused(clone.pipe().toString(), e);
            }
        }
        clones.clear();
        Fd.closeAll(empty);
        close();
        return captured;
    }

    @Override
    public void close() {
        closeUnneeded();
        Fd.closeAll(clones.stream().map(Clone::fd).toList());
        if (copies != null) {
            copies.close();
        }
    }
}
