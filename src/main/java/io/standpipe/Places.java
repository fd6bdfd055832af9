// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import io.standpipe.internal.sys.Stat;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import io.standpipe.procfs.EpollSets;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Numbers of this process that a caller gave for pipes, with the pipe that was there last. */
final class Places {

    private final Map<Integer, PipeInode> inodes = new TreeMap<>();
    /** What watched the numbers before they were vacated. */
    private final List<EpollSets.Watch> watches = new ArrayList<>();
    private final Stat stat = new Stat();
    private final List<Fd> left = new ArrayList<>();
    private boolean vacant;

    /** Notes what was saved, in place of what was noted before. */
    void note(Collector collected) {
        inodes.clear();
        for (SavedProcess process : collected.processes()) {
            for (SavedDescriptor descriptor : process.table().descriptors()) {
                SavedPipe pipe = descriptor.description().pipe();
                inodes.put(descriptor.number(), new PipeInode(pipe.dev(), pipe.ino()));
            }
        }
    }

    /** Notes what is at some numbers now. */
    void note(Map<Integer, PipeInode> placed) {
        inodes.putAll(placed);
    }

    /** The pipe behind a descriptor. */
    PipeInode pipe(int fd) throws ErrnoException {
        stat.read(fd);
        return new PipeInode(stat.dev(), stat.ino());
    }

    boolean isNamed(int number) {
        return inodes.containsKey(number);
    }

    /** Null where the number was not named. */
    PipeInode inode(int number) {
        return inodes.get(number);
    }

    Map<Integer, PipeInode> inodes() {
        return inodes;
    }

    /** What has one of the numbers: the pipe that was there last, or not. */
    Occupant occupant(int number) throws ErrnoException {
        if (!stat.readIfOpen(number)) {
            return Occupant.NOBODY;
        }
        PipeInode last = inodes.get(number);
        boolean isStillThere = stat.isFifo() && stat.dev() == last.dev() && stat.ino() == last.ino();
        return isStillThere ? Occupant.OURS : Occupant.SOMETHING_ELSE;
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

    boolean isVacant() {
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
