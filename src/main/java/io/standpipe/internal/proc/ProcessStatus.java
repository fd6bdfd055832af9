// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.proc;

import io.standpipe.internal.format.Task;
import io.standpipe.internal.sys.ProcessCalls;
import java.io.IOException;
import java.nio.file.NoSuchFileException;

/**
 * What /proc/PID/stat says about a process.
 *
 * @param state a letter, as ps shows it
 * @param parentPid 0 if the process has no parent
 * @param flags the kernel's {@code PF_*} flags
 * @param threads how many threads it has; a leading thread that has ended counts as long as others are left
 * @param name the name of the process's program, cut to 15 bytes
 */
public record ProcessStatus(
        int pid, char state, int parentPid, int processGroup, int session, long flags, int threads, String name) {

    private static final long PF_EXITING = 0x00000004;
    private static final long PF_KTHREAD = 0x00200000;
    private static final int FIELDS_READ = 18;

    /**
     * Reads a process's status.
     *
     * @throws NoSuchFileException if there is no such process
     */
    public static ProcessStatus of(int pid) throws IOException {
        String stat = ProcFile.readLine("/proc/" + pid + "/stat");
        // The name stands in parentheses and may hold any character, a closing parenthesis included.
        int nameEnd = stat.lastIndexOf(')');
        String[] fields = stat.substring(nameEnd + 2).split(" ", FIELDS_READ + 1);
        return new ProcessStatus(
                pid, fields[0].charAt(0), Integer.parseInt(fields[1]), Integer.parseInt(fields[2]), Integer.parseInt(fields[3]),
                Long.parseLong(fields[6]), Integer.parseInt(fields[17]), stat.substring(stat.indexOf('(') + 1, nameEnd));
    }

    /** Returns this process as an image describes it, from system calls: a process can be carried to another pid. */
    public static Task ownTask() {
        int pid = ProcessCalls.pid();
        return new Task(
                pid, ProcessCalls.parent(), pid, ProcessCalls.processGroup(), ProcessCalls.session(), 0);
    }

    /** Returns the process as an image describes it. */
    public Task task() {
        return new Task(pid, parentPid, pid, processGroup, session, 0);
    }

    /** Returns whether there is such a process and it has not ended; true also if its status cannot be read, as without fds. */
    public static boolean isAlive(int pid) {
        try {
            return !of(pid).hasEnded();
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    /** Returns whether the process has ended, or is about to: its memory is gone before its descriptors are. */
    public static boolean isEnding(int pid) {
        try {
            ProcessStatus status = of(pid);
            return status.hasEnded() || status.threads <= 1 && (status.flags & PF_EXITING) != 0;
        } catch (NoSuchFileException e) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Returns whether the process has ended, with all its threads, and only its exit status is still to be fetched. */
    public boolean hasEnded() {
        return isLeaderGone() && threads <= 1;
    }

    /** Returns whether the leading thread has ended; other threads may go on. */
    boolean isLeaderGone() {
        return state == 'Z' || state == 'X';
    }

    /** Returns whether the process is stopped, by a signal or a tracer, or frozen by a cgroup of version 2. */
    public boolean isStopped() {
        return state == 'T' || state == 't' || state == 'S' && isFrozen();
    }

    private boolean isFrozen() {
        try {
            return isFrozenFunction(ProcFile.readLine("/proc/" + pid + "/wchan"));
        } catch (IOException e) {
            return false;
        }
    }

    /** A process that a cgroup of version 2 froze sleeps where the kernel delivers signals, and no other process does. */
    static boolean isFrozenFunction(String function) {
        return function.startsWith("get_signal") || function.startsWith("do_freezer_trap");
    }

    /** Returns whether this is a thread of the kernel, which has no fds. */
    public boolean isKernelThread() {
        return (flags & PF_KTHREAD) != 0;
    }

    /** Returns the pid of the process that a task is a thread of: its own, if it is the leading one. */
    static int leader(int task) throws IOException {
        return Integer.parseInt(ProcFile.readField("/proc/" + task + "/status", "Tgid:"));
    }

    /** Returns the pid that a process has in its own pid namespace. */
    public static int innermostPid(int pid) throws IOException {
        String[] numbers = ProcFile.readField("/proc/" + pid + "/status", "NSpid:").split("\\s+");
        return Integer.parseInt(numbers[numbers.length - 1]);
    }

    /** Returns the pid of the process that traces a process, such as a debugger, or 0. */
    public static int tracer(int pid) throws IOException {
        return Integer.parseInt(ProcFile.readField("/proc/" + pid + "/status", "TracerPid:"));
    }

    /** Returns the signals that a process's first thread blocks, bit 0 being signal 1. The JVM leaves that thread's alone. */
    public static long blockedSignals(int pid) throws IOException {
        return Long.parseUnsignedLong(ProcFile.readField("/proc/" + pid + "/task/" + pid + "/status", "SigBlk:"), 16);
    }

    /** Returns whether this process runs under a seccomp profile. */
    public static boolean isFiltered() {
        try {
            return !ProcFile.readField("/proc/self/status", "Seccomp:").equals("0");
        } catch (IOException e) {
            return false; // This kernel has no seccomp.
        }
    }

    /** Returns the effective capabilities of this process, bit n being capability n. */
    public static long effectiveCapabilities() throws IOException {
        return Long.parseUnsignedLong(ProcFile.readField("/proc/self/status", "CapEff:"), 16);
    }
}
