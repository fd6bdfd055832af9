// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.proc;

import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;

/**
 * The system call that a thread is in, as /proc/PID/task/TID/syscall shows it to those who may trace the process.
 *
 * @param line the file's: the call's number in decimal and its arguments in hexadecimal; {@code running}; or empty, if it may not be read
 */
public record ThreadCall(int pid, int thread, String line) {

    /** The thread is in no call, or what it does is unknown. */
    static final int NONE = -1;

    private static final String RUNNING = "running";

    /** Returns the calls of a process's threads now; nothing if it has ended. */
    public static List<ThreadCall> of(ProcessStatus process) throws IOException {
        try {
            return process.threads() == 1 && !process.isLeaderGone()
                    ? List.of(of(process.pid(), process.pid())) : of(process.pid());
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    /**
     * Returns the calls of a process's threads now.
     *
     * @return nothing if the process has ended
     */
    static List<ThreadCall> of(int pid) throws IOException {
        List<ThreadCall> calls = new ArrayList<>(1);
        for (int thread : ProcDirectory.threads(pid)) {
            try {
                calls.add(of(pid, thread));
            } catch (NoSuchFileException e) {
                // It has ended since the listing.
            }
        }
        return calls;
    }

    /**
     * Returns the call of a thread now.
     *
     * @throws NoSuchFileException if the thread has ended
     */
    static ThreadCall of(int pid, int thread) throws IOException {
        return new ThreadCall(pid, thread, line(pid, thread, "syscall"));
    }

    /** Returns a file of one line that is about a thread; an empty string if it may not be read. */
    static String line(int pid, int thread, String file) throws IOException {
        try {
            return ProcFile.readLine("/proc/" + pid + "/task/" + thread + "/" + file);
        } catch (AccessDeniedException e) {
            return "";
        } catch (ErrnoException e) {
            if (e.errno() == Errno.EPERM) {
                return "";
            }
            throw e;
        }
    }

    /** Returns whether what the thread does may not be seen. */
    boolean isUnknown() {
        return line.isEmpty();
    }

    boolean isRunning() {
        return line.equals(RUNNING);
    }

    /** Returns the call's number, or {@link #NONE}. */
    int number() {
        int end = line.indexOf(' ');
        // The line of a thread that waits outside of a call, as for memory, begins with -1.
        return end < 0 ? NONE : Integer.parseInt(line.substring(0, end));
    }

    /** Returns an argument of the call. */
    long argument(int index) {
        return Long.parseUnsignedLong(line.split(" ")[1 + index].substring("0x".length()), 16);
    }
}
