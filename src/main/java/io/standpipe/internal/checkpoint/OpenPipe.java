// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.checkpoint;

import io.standpipe.Image;
import io.standpipe.Slots;
import io.standpipe.StandpipeException;
import io.standpipe.internal.format.SlotLayout;
import io.standpipe.internal.pipes.MergeRoomProbe;
import io.standpipe.internal.proc.FifoOpeners;
import io.standpipe.internal.proc.PipeHolderScan;
import io.standpipe.internal.proc.PipeId;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.PageSize;
import io.standpipe.internal.sys.PipeCalls;
import io.standpipe.internal.sys.TeeBatch;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import io.standpipe.pipe.Pipes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A pipe that is to be saved: its inode, and its open file descriptions, by whose duplicated fds the pipe is accessed. */
final class OpenPipe {

    private static final OptionalInt PAGE_SIZE = OptionalInt.of(PageSize.SIZE_BYTES);

    /**
     * An open file description that is to be saved.
     *
     * @param duplicate an fd of this process, by which the description is accessed
     * @param path of a FIFO; null for an anonymous pipe
     */
    record OpenDescription(
            OpenPipe pipe, int objref, int flags, Fd duplicate, byte @Nullable [] path, Image.@Nullable Owner owner) {

        int accessMode() {
            return flags & Flags.O_ACCMODE;
        }

        /** Returns the description as the image has it. */
        Image.Description describe() {
            return new Image.Description(objref, flags, pipe.metNoWriter.contains(objref), path, owner, pipe.objref);
        }
    }

    private final int objref;
    private final int firstPid;
    private final int firstFd;
    private final Image.Inode inode;
    private final List<OpenDescription> descriptions = new ArrayList<>(2);
    private final KcmpSet<OpenDescription> met = new KcmpSet<>();
    private Set<Integer> metNoWriter = Set.of();
    private @Nullable OpenDescription captured;
    private int accessModes;
    private boolean unlinked;

    /**
     * @param firstPid a process that has the pipe, for messages
     * @param firstFd the number at which the process has it
     */
    OpenPipe(int objref, int firstPid, int firstFd, Image.Inode inode) {
        this.objref = objref;
        this.firstPid = firstPid;
        this.firstFd = firstFd;
        this.inode = inode;
    }

    int objref() {
        return objref;
    }

    Image.Inode inode() {
        return inode;
    }

    /** Returns the descriptions by access mode, and those of the same in the order of kcmp. */
    KcmpSet<OpenDescription> met() {
        return met;
    }

    /** Adds a description for which {@link KcmpSet#find} has just looked in vain. */
    void add(OpenDescription description) {
        descriptions.add(description);
        if (captured == null || hasOnlyWriteEnds()) {
            captured = description;
        }
        met.add(description);
        accessModes |= 1 << description.accessMode();
    }

    /** Marks the pipe as a FIFO whose path was removed. */
    void setUnlinked() {
        unlinked = true;
    }

    /** Returns whether a description has an access mode, O_RDONLY or O_WRONLY; one with O_RDWR counts for either. */
    boolean has(int accessMode) {
        return (accessModes & (1 << accessMode | 1 << Flags.O_RDWR)) != 0;
    }

    /**
     * Polls the readers of a FIFO without writers for a hang-up, which the kernel reports once a writer has come and gone. To be
     * called when all descriptions are known, and before this process opens or closes an end.
     */
    void pollForHangUps() throws ErrnoException {
        if (isFifo() && !has(Flags.O_WRONLY)) {
            metNoWriter = new HashSet<>();
            for (OpenDescription reader : descriptions) {
                if ((PipeCalls.poll(reader.duplicate.number(), 0) & Flags.POLLHUP) == 0) {
                    metNoWriter.add(reader.objref);
                }
            }
        }
    }

    /** Returns the bytes queued at the moment: an estimate where the pipe's users are running. */
    int queuedBytes() throws ErrnoException {
        return Pipes.queuedBytes(fd());
    }

    /**
     * Polls for the end that no description has: a read end reports a hang-up if there is no writer, a write end an error if there is
     * no reader.
     */
    Image.ExternalEnds pollForExternalEnds() throws ErrnoException {
        int fd = fd();
        if (!has(Flags.O_WRONLY)) {
            boolean hungUp = (PipeCalls.poll(fd, 0) & Flags.POLLHUP) != 0;
            if (!hungUp && isFifo()) {
                return Image.ExternalEnds.UNKNOWN; // The kernel reports no hang-up to a FIFO's reader before its first writer.
            }
            return new Image.ExternalEnds(true, false, !hungUp);
        }
        if (!has(Flags.O_RDONLY)) {
            boolean broken = (PipeCalls.poll(fd, 0) & Flags.POLLERR) != 0;
            return new Image.ExternalEnds(true, !broken, false);
        }
        return Image.ExternalEnds.UNKNOWN;
    }

    private boolean isFifo() {
        return descriptions.get(0).path != null;
    }

    /** Returns an fd by which the pipe is captured: of a read end, unless {@link #hasOnlyWriteEnds}. */
    int fd() {
        return Objects.requireNonNull(captured).duplicate.number();
    }

    /** Returns whether no description can be read. */
    boolean hasOnlyWriteEnds() {
        return !has(Flags.O_RDONLY);
    }

    /** Returns by which end {@link #fd} captures the pipe. */
    TeeBatch.By capturedBy() {
        return hasOnlyWriteEnds() ? TeeBatch.By.WRITE_END : TeeBatch.By.READ_END;
    }

    /**
     * Throws if the pipe cannot be captured without being noticed. It holds bytes, and nobody has a read end: one has to be opened
     * for the moment.
     */
    void checkUnnoticed() throws StandpipeException, ErrnoException {
        if (!hasOnlyWriteEnds() || (PipeCalls.poll(fd(), 0) & Flags.POLLERR) == 0 || queuedBytes() == 0) {
            return;
        }
        for (OpenDescription description : descriptions) {
            Image.Owner owner = description.owner;
            if ((description.flags & Flags.O_ASYNC) != 0 && owner != null && owner.id() != 0) {
                throw unreadable("its writer would get a signal (O_ASYNC)");
            }
        }
        if (isFifo()) {
            for (FifoOpeners.Opener opener : FifoOpeners.of(new PipeId(inode.dev(), inode.ino()))) {
                if (opener.accessMode() == Flags.O_WRONLY) {
                    throw unreadable("process " + opener.pid() + ", which waits in open() for a reader, would go on");
                }
            }
        }
    }

    private StandpipeException unreadable(String why) {
        return new StandpipeException(this + ": it holds bytes that nobody can read, and to save them a read end has to be opened for a"
                + " moment: " + why + "; leave the pipe out");
    }

    /** Returns how many bytes more the last slot of the pipe takes, which has no free slot; at most {@code most}. */
    int mergeRoomBytes(int most) throws ErrnoException {
        if (!hasOnlyWriteEnds()) {
            return MergeRoomProbe.mergeRoomBytes(fd(), most);
        }
        // Without a reader no write would show it. The pipe holds bytes, so that it was captured by such an end, too.
        try (Fd reader = FileCalls.reopen(fd(), Flags.O_RDONLY | Flags.O_NONBLOCK)) {
            return MergeRoomProbe.mergeRoomBytes(reader.number(), most);
        }
    }

    /** Returns the pipe as the image has it, with payload at its place in a page. */
    Image.Pipe describe(int capacityBytes, Image.ExternalEnds external, @Nullable Slots slots, long payloadBytes) {
        return new Image.Pipe(
                objref, isFifo(), inode, capacityBytes, unlinked, external, slots, PAGE_SIZE,
                slots == null ? 0 : SlotLayout.phaseBytes(slots, PageSize.SIZE_BYTES), payloadBytes);
    }

    /** Adds the pipe to those whose holders a scan finds; returns what identifies it there. */
    PipeId addTo(PipeHolderScan scan) {
        PipeId id = new PipeId(inode.dev(), inode.ino());
        byte[] path = descriptions.get(0).path;
        if (path == null) {
            scan.want(id);
        } else {
            scan.wantFifo(id, path);
        }
        return id;
    }

    /** Adds all fds that this process has open on the pipe, to be closed by {@link Fd#closeAll}. */
    void addEnds(Collection<Fd> ends) {
        descriptions.forEach(description -> ends.add(description.duplicate));
    }

    @Override
    public String toString() {
        return "pipe " + Long.toUnsignedString(inode.ino()) + ", descriptor " + firstFd + " of process " + firstPid;
    }
}
