// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import io.standpipe.internal.jni.Native;
import io.standpipe.pipe.ErrnoException;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;

/** A freeze of processes, by SIGSTOP or by their cgroups, around a {@link TeeBatch}: all of it is one native call. */
public final class FrozenTeeBatch {

    /**
     * A process. Its first three fds are -1 if it is not to be stopped, since it is stopped already or its cgroup is frozen.
     *
     * @param pidfd the process
     * @param fdStat its /proc/PID/stat
     * @param fdTask its /proc/PID/task
     * @param fdDescriptors its /proc/PID/fd
     * @param descriptors how many fds it had when they were collected, or -1 if they are not compared
     */
    public record Standing(int pid, int pidfd, int fdStat, int fdTask, int fdDescriptors, long descriptors) {

        /** Returns a process that is not to be stopped. */
        public static Standing leftAlone(int pid, int fdDescriptors, long descriptors) {
            return new Standing(pid, NONE, NONE, NONE, fdDescriptors, descriptors);
        }
    }

    /**
     * A cgroup.
     *
     * @param fdControl its cgroup.freeze, or in version 1 its freezer.state, open for reading and writing
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
     * Creates the freeze.
     *
     * @param standing the processes, also those whose cgroups are frozen
     * @param frozen the cgroups to freeze
     * @param knownPids the pids that existed when the processes were collected, ascending: children forked since are reported as a
     *     change; empty if they do not matter
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
     * Stops the processes and freezes the cgroups, waits until no thread runs, executes the operations, and thaws everything, whatever
     * fails.
     *
     * @return how many operations failed
     * @throws ErrnoException ETIMEDOUT if something still runs after ten seconds
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

    /** Returns whether, once frozen, a process had another number of fds than before, or a child that was not known. */
    public boolean hasChanged() {
        return window.buffer().getInt(CHANGED) != 0;
    }

    /** Returns whether something could not be thawed. The caller must thaw it in another way. */
    public boolean hasLeftStanding() {
        return window.buffer().getInt(LEFT_STANDING) != 0;
    }

    /** Returns how long the processes were frozen. */
    public Duration lasted() {
        return Duration.ofNanos(window.buffer().getLong(NANOS));
    }
}
