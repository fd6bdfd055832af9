// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import io.standpipe.internal.jni.Native;
import io.standpipe.pipe.ErrnoException;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;

/** A freeze of processes, by ptrace, signals or their cgroups. All of it is one native call, around a {@link TeeBatch} or a wait. */
public final class FreezeCall {

    /** How a process is frozen; {@code freeze.h} has the same order. */
    public enum How {
        TRACE,
        SIGNAL,
        /** Not by itself, since its cgroup is frozen. */
        NOT_AT_ALL
    }

    /**
     * A process.
     *
     * @param pidfd the process, for {@link How#SIGNAL}; else -1
     * @param fdDescriptors its /proc/PID/fd
     * @param descriptors how many fds it had when they were collected, or -1 if they are not compared
     */
    public record Process(int pid, int pidfd, How how, int fdDescriptors, long descriptors) {}

    /**
     * A cgroup.
     *
     * @param fdControl its cgroup.freeze, or in version 1 its freezer.state, open for reading and writing
     * @param fdEvents its cgroup.events; -1 in version 1
     */
    public record Cgroup(int fdControl, int fdEvents) {}

    /** So long a freeze takes at most: what is frozen already waits for what is not. */
    public static final Duration PATIENCE = Duration.ofSeconds(2);

    /** What can fail, in the order of {@code trace.h}. */
    private static final List<String> STEPS = List.of(
            "", "mmap", "clone", "ptrace", "waitid", "threads (openat, newfstatat, getdents64)", "pidfd_send_signal", "cgroup (pwrite)",
            "write or poll");

    private static final int NONE = -1;
    private static final int PROCESS_LENGTH = 24;
    private static final int CGROUP_LENGTH = 8;

    private static final int PROCESSES = 0;
    private static final int KNOWN = 8;
    private static final int CGROUPS = 16;
    private static final int CAPTURES = 24;
    private static final int PROCESSES_COUNT = 32;
    private static final int KNOWN_COUNT = 36;
    private static final int CGROUPS_COUNT = 40;
    private static final int CAPTURES_COUNT = 44;
    private static final int FD_REPORT = 48;
    private static final int FD_GATE = 52;
    private static final int FD_OWNER = 56;
    private static final int COPIES = 60;
    private static final int CHANGED = 64;
    private static final int LENDS = 68;
    private static final int CULPRIT = 72;
    private static final int NANOS = 80;
    private static final int FAILED = 92;
    private static final int LIMIT_NANOS = 96;
    private static final int LENGTH = 104;

    private final NativeMemory processes;
    private final NativeMemory cgroups;
    private final NativeMemory known;
    private final NativeMemory memory = NativeMemory.nativeOrder(LENGTH);

    /**
     * Creates the freeze.
     *
     * @param frozen the processes, also those whose cgroups are frozen
     * @param frozenCgroups the cgroups to freeze
     * @param knownPids the pids that existed when the processes were collected, ascending: children forked since are reported as a
     *     change; empty if they do not matter
     * @param limit for everything to stop
     */
    public FreezeCall(List<Process> frozen, List<Cgroup> frozenCgroups, List<Integer> knownPids, Duration limit) {
        processes = NativeMemory.nativeOrder(Math.max(1, frozen.size()) * PROCESS_LENGTH);
        for (Process p : frozen) {
            processes.buffer().putInt(p.pid()).putInt(p.pidfd()).putInt(p.how().ordinal());
            processes.buffer().putInt(p.fdDescriptors()).putLong(p.descriptors());
        }
        cgroups = NativeMemory.nativeOrder(Math.max(1, frozenCgroups.size()) * CGROUP_LENGTH);
        frozenCgroups.forEach(cgroup -> cgroups.buffer().putInt(cgroup.fdControl()).putInt(cgroup.fdEvents()));
        known = NativeMemory.nativeOrder(Math.max(1, knownPids.size()) * Integer.BYTES);
        knownPids.forEach(known.buffer()::putInt);
        ByteBuffer fields = memory.buffer();
        fields.putLong(PROCESSES, processes.address()).putLong(KNOWN, known.address()).putLong(CGROUPS, cgroups.address());
        fields.putInt(PROCESSES_COUNT, frozen.size()).putInt(KNOWN_COUNT, knownPids.size());
        fields.putInt(CGROUPS_COUNT, frozenCgroups.size()).putLong(LIMIT_NANOS, limit.toNanos());
        fields.putInt(FD_REPORT, NONE).putInt(FD_GATE, NONE).putInt(FD_OWNER, NONE);
    }

    /**
     * Freezes, executes the operations, and thaws, whatever fails. Nothing is executed if {@link #lendsPages()} is true afterwards and
     * the operations do not copy.
     *
     * @return how many operations failed
     * @throws ErrnoException if something could not be frozen: ETIMEDOUT at the limit; {@link #culprit} is the thread
     */
    public int capture(TeeBatch captures) throws ErrnoException {
        memory.buffer().putLong(CAPTURES, captures.address()).putInt(CAPTURES_COUNT, captures.count());
        memory.buffer().putInt(COPIES, captures.isCopying() ? 1 : 0);
        int failed = run();
        Reference.reachabilityFence(captures);
        return failed;
    }

    /**
     * Freezes, writes a byte to one fd, waits until another can be read or a process ends, and thaws.
     *
     * @param fdReport gets the byte
     * @param fdGate what is waited for
     * @param pidfdOwner the process whose end ends the wait, too
     * @throws ErrnoException as {@link #capture}
     */
    public void hold(int fdReport, int fdGate, int pidfdOwner) throws ErrnoException {
        memory.buffer().putInt(FD_REPORT, fdReport).putInt(FD_GATE, fdGate).putInt(FD_OWNER, pidfdOwner);
        run();
    }

    private int run() throws ErrnoException {
        int result = Native.sp_freeze(memory.address());
        Reference.reachabilityFence(this);
        if (result < 0) {
            throw new ErrnoException(result, STEPS.get(memory.buffer().getInt(FAILED)));
        }
        return result;
    }

    /** Returns whether, once frozen, a process had another number of fds than before, or a child that was not known. */
    public boolean hasChanged() {
        return memory.buffer().getInt(CHANGED) != 0;
    }

    /**
     * Returns whether a thread was in vmsplice, splice, tee or sendfile: it may put pages into a pipe that somebody else can still
     * change, so that a clone, which shares them, may show other bytes later.
     */
    public boolean lendsPages() {
        return memory.buffer().getInt(LENDS) != 0;
    }

    /** Returns the thread that could not be frozen, or 0. */
    public int culprit() {
        return memory.buffer().getInt(CULPRIT);
    }

    /** Returns how long the processes were frozen. */
    public Duration lasted() {
        return Duration.ofNanos(memory.buffer().getLong(NANOS));
    }
}
