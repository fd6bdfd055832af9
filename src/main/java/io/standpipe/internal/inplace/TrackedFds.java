// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.inplace;

import io.standpipe.internal.checkpoint.DescriptorCollector;
import io.standpipe.internal.checkpoint.SavedDescriptor;
import io.standpipe.internal.checkpoint.SavedPipe;
import io.standpipe.internal.checkpoint.SavedProcess;
import io.standpipe.internal.proc.EpollSets;
import io.standpipe.internal.proc.PipeId;
import io.standpipe.internal.sys.Stat;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;




import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Numbers of this process that a caller gave for pipes, with the pipe that was there last. */
public final class TrackedFds {

    private final Map<Integer, PipeId> inodes = new TreeMap<>();
    /** What watched the numbers before they were vacated. */
    private final List<EpollSets.Watch> watches = new ArrayList<>();
    private final Stat stat = new Stat();
    private final List<Fd> left = new ArrayList<>();
    private boolean vacant;

    /** Notes what was saved, in place of what was noted before. */
    public void note(DescriptorCollector collected) {
        inodes.clear();
        for (SavedProcess process : collected.processes()) {
            for (SavedDescriptor descriptor : process.table().descriptors()) {
                SavedPipe pipe = descriptor.description().pipe();
                inodes.put(descriptor.number(), new PipeId(pipe.dev(), pipe.ino()));
            }
        }
    }

    /** Notes what is at some numbers now. */
    public void note(Map<Integer, PipeId> placed) {
        inodes.putAll(placed);
    }

    /** The pipe behind a descriptor. */
    PipeId pipe(int fd) throws ErrnoException {
        stat.read(fd);
        return new PipeId(stat.dev(), stat.ino());
    }

    boolean isNamed(int number) {
        return inodes.containsKey(number);
    }

    /** Null where the number was not named. */
    PipeId inode(int number) {
        return inodes.get(number);
    }

    public Map<Integer, PipeId> inodes() {
        return inodes;
    }

    /** What has one of the numbers: the pipe that was there last, or not. */
    FdOccupant occupant(int number) throws ErrnoException {
        if (!stat.readIfOpen(number)) {
            return FdOccupant.NOBODY;
        }
        PipeId last = inodes.get(number);
        boolean isStillThere = stat.isFifo() && stat.dev() == last.dev() && stat.ino() == last.ino();
        return isStillThere ? FdOccupant.OURS : FdOccupant.SOMETHING_ELSE;
    }

    /** Keeps former pipes open in which a thread may wait: it would be told of their end, which is none. */
    void leave(Collection<Fd> former) {
        left.addAll(former);
    }

    /** Nobody waits in a former pipe any more. */
    void closeLeft() {
        Fd.closeAll(left);
        left.clear();
    }

    public boolean isVacant() {
        return vacant;
    }

    void setVacant(List<EpollSets.Watch> watched) {
        watches.addAll(watched);
        vacant = true;
    }

    void setFilled() {
        watches.clear();
        vacant = false;
    }

    List<EpollSets.Watch> watches() {
        return watches;
    }
}
