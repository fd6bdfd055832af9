// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.proc;

import java.io.IOException;

/** Processes that wait in open() of a FIFO for somebody to open its other end. */
public final class FifoOpeners {

    /** The kernel's function in which they wait, which /proc/PID/task/TID/wchan names to whoever may trace them. */
    private static final String WAITING = "wait_for_partner";

    private FifoOpeners() {}

    /** Returns a process that waits so, of which FIFO it cannot be told, or 0; only among those that this process may trace. */
    public static int anyWaiting() {
        try {
            for (int pid : ProcDirectory.pids()) {
                if (isWaiting(pid)) {
                    return pid;
                }
            }
        } catch (IOException e) {
            return 0; // Without /proc nobody else can be seen.
        }
        return 0;
    }

    private static boolean isWaiting(int pid) {
        try {
            for (int thread : ProcDirectory.threads(pid)) {
                if (ProcFile.readLine("/proc/" + pid + "/task/" + thread + "/wchan").equals(WAITING)) {
                    return true;
                }
            }
        } catch (IOException e) {
            return false; // The process has ended, or is another user's.
        }
        return false;
    }
}
