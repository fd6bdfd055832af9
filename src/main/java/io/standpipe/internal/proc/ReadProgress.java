// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.proc;

import java.io.IOException;

/**
 * How far a process has come with reading, to be compared with a later look.
 *
 * @param readBytes what it has read of all files by read and the like, but not by splice
 * @param switches how often one of its threads began or ceased to run
 */
public record ReadProgress(int pid, int thread, long readBytes, long switches) {

    private static final long UNKNOWN = -1;

    /**
     * Looks at a process.
     *
     * @param thread one that may move bytes by splice
     */
    public static ReadProgress of(int pid, int thread) {
        return new ReadProgress(
                pid, thread, field("/proc/" + pid + "/io", "rchar:"),
                field("/proc/" + pid + "/task/" + thread + "/status", "voluntary_ctxt_switches:"));
    }

    private static long field(String path, String name) {
        try {
            return Long.parseLong(ProcFile.readField(path, name));
        } catch (IOException e) {
            return UNKNOWN; // It has ended, or may not be looked at.
        }
    }

    /**
     * Returns whether the process has read since.
     *
     * @param bySplice whether the thread moves bytes by splice, which shows only in that it ran
     */
    public boolean hasGoneOn(boolean bySplice) {
        ReadProgress now = of(pid, thread);
        return now.readBytes != readBytes || bySplice && now.switches != switches;
    }
}
