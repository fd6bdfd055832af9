// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.checkpoint;

import io.standpipe.internal.format.FileNameRecord;
import io.standpipe.internal.format.FileRecord;
import io.standpipe.internal.format.ImageWriter;
import io.standpipe.internal.format.PipeStateRecord;
import io.standpipe.internal.pipes.MergeRoomProbe;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.PipeCalls;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import io.standpipe.pipe.Pipes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/** A pipe found while collecting: its inode, and the open file descriptions of it that are to be saved. Used again for another one. */
public final class SavedPipe {

    private final List<SavedDescription> descriptions = new ArrayList<>(2);
    private final KcmpSet<SavedDescription> readers = new KcmpSet<>();
    private final KcmpSet<SavedDescription> writers = new KcmpSet<>();
    private final KcmpSet<SavedDescription> both = new KcmpSet<>();
    private int objref;
    private int number;
    private long dev;
    private long ino;
    private int uid;
    private int gid;
    private int mode;
    private int accessModes;
    private boolean nameless;
    private int foundOutside;
    private Fd reopened;
    private CapturedPipe held;

    /** A pipe just met, of which nothing but its inode is known. */
    void begin(int newObjref, int newNumber, long newDev, long newIno, int newUid, int newGid, int newMode) {
        descriptions.clear();
        readers.clear();
        writers.clear();
        both.clear();
        objref = newObjref;
        number = newNumber;
        dev = newDev;
        ino = newIno;
        uid = newUid;
        gid = newGid;
        mode = newMode;
        accessModes = 0;
        nameless = false;
        foundOutside = 0;
        reopened = null;
        held = null;
    }

    public int objref() {
        return objref;
    }

    /** The number under which the saved process has it, the first one. */
    int number() {
        return number;
    }

    public long dev() {
        return dev;
    }

    public long ino() {
        return ino;
    }

    /** The open file descriptions of it that are to be saved. */
    List<SavedDescription> descriptions() {
        return descriptions;
    }

    /** Looks for a description among those with an access mode; if there is none, {@link #add} is to be next. */
    SavedDescription find(int accessMode, KcmpSet.Probe<SavedDescription> probe) throws ErrnoException {
        return byAccessMode(accessMode).find(probe);
    }

    /** The same where there is no order to go by. */
    SavedDescription findSame(int accessMode, KcmpSet.Sameness<SavedDescription> sameness) throws ErrnoException {
        return byAccessMode(accessMode).findSame(sameness);
    }

    void add(SavedDescription description) {
        descriptions.add(description);
        byAccessMode(description.accessMode()).add(description);
        accessModes |= 1 << description.accessMode();
    }

    private KcmpSet<SavedDescription> byAccessMode(int accessMode) {
        return accessMode == Flags.O_RDONLY ? readers : accessMode == Flags.O_WRONLY ? writers : both;
    }

    /** Whether a description can read, or write, as said; one that can do both counts for either. */
    boolean has(int accessMode) {
        return (accessModes & (1 << accessMode | 1 << Flags.O_RDWR)) != 0;
    }

    /** Bytes queued at the moment: an estimate where the pipe's users are running. */
    long queuedBytes() throws ErrnoException {
        return held != null ? held.lengthBytes() : Pipes.queuedBytes(descriptions.get(0).number());
    }

    /**
     * Which ends are held outside the set, as far as the pipe itself tells: a read end that hangs up has no writer
     * left, a write end in error no reader. To be asked before {@link #readable()}, which may open an end.
     */
    int outside() throws ErrnoException {
        return foundOutside | (held != null ? held.outside() : toldByPoll());
    }

    /** What was found by looking who holds the pipe. */
    void addOutside(int bits) {
        foundOutside |= bits;
    }

    private int toldByPoll() throws ErrnoException {
        if (!has(Flags.O_WRONLY)) {
            boolean hungUp = (PipeCalls.poll(descriptions.get(0).number(), 0) & Flags.POLLHUP) != 0;
            if (!hungUp && descriptions.get(0).name() != null) {
                return 0; // A FIFO's reader is not told of a hang-up before the first writer has come.
            }
            return PipeStateRecord.OUTSIDE_LOOKED_FOR | (hungUp ? 0 : PipeStateRecord.OUTSIDE_WRITE_END);
        }
        if (!has(Flags.O_RDONLY)) {
            boolean broken = (PipeCalls.poll(descriptions.get(0).number(), 0) & Flags.POLLERR) != 0;
            return PipeStateRecord.OUTSIDE_LOOKED_FOR | (broken ? 0 : PipeStateRecord.OUTSIDE_READ_END);
        }
        return 0;
    }

    /** A descriptor that can be read: of a pipe whose write end alone is at hand, one opened for the purpose. */
    public int readable() throws ErrnoException {
        for (SavedDescription description : descriptions) {
            if (description.accessMode() != Flags.O_WRONLY) {
                return description.number();
            }
        }
        if (reopened == null) {
            reopened = FileCalls.reopen(descriptions.get(0).number(), Flags.O_RDONLY | Flags.O_NONBLOCK);
        }
        return reopened.number();
    }

    /** Keeps what a snapshot took of the pipe, and lets the pipe itself go. */
    void hold(CapturedPipe clone) {
        release();
        held = clone;
    }

    /** What a snapshot holds, or null. */
    CapturedPipe held() {
        return held;
    }

    /** How many bytes more the last slot of the pipe, which is full, takes; at most what is left of its page. */
    public int tailRoomBytes(int most) throws ErrnoException {
        return held != null ? Math.min(held.tailRoomBytes(), most) : MergeRoomProbe.mergeRoomBytes(readable(), most);
    }

    void setNameless() {
        nameless = true;
    }

    /** The record of what it is beyond its bytes. */
    PipeStateRecord state(int capacityBytes, int outsideBits, long queuedBytes) {
        return new PipeStateRecord(
                objref, capacityBytes, dev, ino, uid, gid, mode, outsideBits, queuedBytes, flags());
    }

    /** Adds that record to an image. */
    void writeState(ImageWriter writer, int capacityBytes, int outsideBits, long queuedBytes) throws IOException {
        PipeStateRecord.write(
                writer, objref, capacityBytes, dev, ino, uid, gid, mode, outsideBits, queuedBytes, flags());
    }

    private int flags() {
        return nameless ? PipeStateRecord.FLAG_NAMELESS : 0;
    }

    /** As an image tells it: an anonymous pipe or a FIFO. */
    int fileType() {
        return descriptions.get(0).name() == null ? FileRecord.TYPE_PIPE : FileRecord.TYPE_FIFO;
    }

    /** What /proc tells of its descriptors, as far as that is a name; null for a FIFO whose name is no text. */
    Path link() {
        FileNameRecord name = descriptions.get(0).name();
        try {
            return Path.of(name == null
                    ? "pipe:[" + Long.toUnsignedString(ino) + "]"
                    : new String(name.path(), StandardCharsets.UTF_8));
        } catch (InvalidPathException e) {
            return null;
        }
    }

    /** Lets the ends go, to be closed in a moment: then the pipe is as if it had never been looked at. */
    void release(ReleasedEnds into) {
        if (reopened != null) {
            into.add(reopened);
            reopened = null;
        }
        for (SavedDescription description : descriptions) {
            into.add(description.copy());
        }
    }

    /** Tells the number of each descriptor that this process has for its sake. */
    void forEachOpen(IntConsumer use) {
        tell(reopened, use);
        tell(held == null ? null : held.fd(), use);
        descriptions.forEach(description -> tell(description.copy(), use));
    }

    private static void tell(Fd fd, IntConsumer use) {
        if (fd != null && fd.isOpen()) {
            use.accept(fd.number());
        }
    }

    private void release() {
        if (reopened != null) {
            reopened.close();
            reopened = null;
        }
        descriptions.forEach(SavedDescription::release);
    }

    void close() {
        release();
        if (held != null && held.fd() != null) {
            held.fd().close();
        }
    }

    @Override
    public String toString() {
        return "pipe " + Long.toUnsignedString(ino) + ", descriptor " + number;
    }
}
