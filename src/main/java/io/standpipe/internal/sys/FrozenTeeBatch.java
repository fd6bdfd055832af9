// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import io.standpipe.internal.jni.Native;
import io.standpipe.pipe.ErrnoException;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;

/** Processes that stand still, by SIGSTOP or by their cgroups, while captures are taken, without Java code between. */
public final class FrozenTeeBatch {

    /**
     * A process.
     *
     * @param pidfd stands for it, {@code fdStat} is its /proc/PID/stat, {@code fdTask} its /proc/PID/task; all three are -1
     *     for one that is left alone, since it stands still already or its cgroup is frozen
     * @param fdDescriptors its /proc/PID/fd
     * @param descriptors how many it had, -1 if that is not to be compared
     */
    public record Standing(int pid, int pidfd, int fdStat, int fdTask, int fdDescriptors, long descriptors) {

        /** A process that is not to be stopped. */
        public static Standing leftAlone(int pid, int fdDescriptors, long descriptors) {
            return new Standing(pid, NONE, NONE, NONE, fdDescriptors, descriptors);
        }
    }

    /**
     * A cgroup.
     *
     * @param fdControl its cgroup.freeze, or in version 1 its freezer.state, to be read and written
     * @param fdEvents its cgroup.events; -1 in version 1
     */
    public record Frozen(int fdControl, int fdEvents) {}

    private static final int NONE = -1;
    private static final int PROCESS_LENGTH = 32;

    private static final int CGROUP_LENGTH = 8;

    private static final int PROCESSES = 0;
    private static final int KNOWN = 8;
    private static final int CGROUPS = 16;
    private static final int CAPTURES = 24;
    private static final int PROCESSES_COUNT = 32;
    private static final int KNOWN_COUNT = 36;
    private static final int CGROUPS_COUNT = 40;
    private static final int CAPTURES_COUNT = 44;
    private static final int CHANGED = 48;
    private static final int LEFT_STANDING = 52;
    private static final int NANOS = 56;
    private static final int WINDOW_LENGTH = 64;

    private final NativeMemory processes;
    private final NativeMemory cgroups;
    private final NativeMemory known;
    private final NativeMemory window = NativeMemory.nativeOrder(WINDOW_LENGTH);

    /**
     * @param standing the processes, those included whose cgroups are frozen
     * @param frozen the cgroups to be frozen
     * @param knownPids those that were there when the processes were found, ascending, so that children forked since are
     *     noticed; empty if they do not matter
     */
    public FrozenTeeBatch(List<Standing> standing, List<Frozen> frozen, List<Integer> knownPids) {
        processes = NativeMemory.nativeOrder(Math.max(1, standing.size()) * PROCESS_LENGTH);
        for (Standing p : standing) {
            processes.buffer().putInt(p.pid()).putInt(p.pidfd()).putInt(p.fdStat()).putInt(p.fdTask());
            processes.buffer().putInt(p.fdDescriptors()).putInt(p.pidfd() == NONE ? 1 : 0).putLong(p.descriptors());
        }
        cgroups = NativeMemory.nativeOrder(Math.max(1, frozen.size()) * CGROUP_LENGTH);
        frozen.forEach(cgroup -> cgroups.buffer().putInt(cgroup.fdControl()).putInt(cgroup.fdEvents()));
        known = NativeMemory.nativeOrder(Math.max(1, knownPids.size()) * Integer.BYTES);
        knownPids.forEach(known.buffer()::putInt);
        ByteBuffer fields = window.buffer();
        fields.putLong(PROCESSES, processes.address()).putLong(KNOWN, known.address()).putLong(CGROUPS, cgroups.address());
        fields.putInt(PROCESSES_COUNT, standing.size()).putInt(KNOWN_COUNT, knownPids.size());
        fields.putInt(CGROUPS_COUNT, frozen.size());
    }

    /**
     * Stops the processes and freezes the cgroups, waits until every thread stands still, takes the captures, and lets all run
     * again, whatever fails.
     *
     * @return how many captures failed
     * @throws ErrnoException ETIMEDOUT if something does not come to a stand within ten seconds
     */
    public int take(TeeBatch captures) throws ErrnoException {
        window.buffer().putLong(CAPTURES, captures.address()).putInt(CAPTURES_COUNT, captures.count());
        int result = Native.sp_capture_standing(window.address());
        Reference.reachabilityFence(captures);
        Reference.reachabilityFence(this);
        if (result < 0) {
            throw new ErrnoException(result, "standing still");
        }
        return result;
    }

    /** Whether a process had another number of descriptors by then, or a child that is not known. */
    public boolean hasChanged() {
        return window.buffer().getInt(CHANGED) != 0;
    }

    /** Whether something could not be let run again: that is to be tried once more, in another way. */
    public boolean hasLeftStanding() {
        return window.buffer().getInt(LEFT_STANDING) != 0;
    }

    /** How long they stood still. */
    public Duration lasted() {
        return Duration.ofNanos(window.buffer().getLong(NANOS));
    }
}
