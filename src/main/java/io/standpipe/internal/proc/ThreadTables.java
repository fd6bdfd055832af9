// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.proc;

import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.FileDescriptionCalls;
import io.standpipe.internal.sys.ProcessCalls;
import io.standpipe.internal.sys.Stat;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The fd tables of a process. Its threads share one, unless a thread has left it with {@code unshare(CLONE_FILES)}; a leading thread
 * that has ended has none, while the others go on. /proc/TID and {@code kcmp} show a thread's table by the thread's id.
 */
public final class ThreadTables {

    /** The links of a /proc/PID/task with one entry: each thread counts for one, and a directory for two. */
    private static final int LINKS_OF_ONE_THREAD = 3;

    private static final int MOST_LOOKS = 20;

    private ThreadTables() {}

    /**
     * Returns the id of one thread for each fd table of a process: of the leading thread first, unless it has ended. A process with
     * one thread, or none left, is returned as it is.
     */
    public static List<Integer> of(int pid) throws IOException {
        Stat tasks = Stat.ofName(FileCalls.CURRENT_DIRECTORY, "/proc/" + pid + "/task");
        if (tasks == null || tasks.links() == LINKS_OF_ONE_THREAD) {
            return List.of(pid);
        }
        List<Integer> found = new ArrayList<>();
        if (!ProcessStatus.of(pid).isLeaderGone()) {
            found.add(pid);
        }
        for (int thread : ProcDirectory.threads(pid)) {
            if (thread != pid && hasAnother(thread, found)) {
                found.add(thread);
            }
        }
        return found.isEmpty() ? List.of(pid) : found;
    }

    /** Returns whether a thread has none of the tables that were found; false also if it has ended. */
    private static boolean hasAnother(int thread, List<Integer> found) throws IOException {
        try {
            for (int met : found) {
                if (isSame(met, thread)) {
                    return false;
                }
            }
            return FdTable.count(thread) > 0;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private static boolean isSame(int met, int thread) throws IOException {
        try {
            return ProcessCalls.compareTables(met, thread) == 0;
        } catch (ErrnoException e) {
            if (FileDescriptionCalls.isRefused(e)) {
                return haveSameFds(met, thread);
            }
            if (e.errno() == Errno.ESRCH) {
                return true; // One of the two has ended: there is nothing to add.
            }
            throw e;
        }
    }

    /** Without kcmp the fds are all there is to go by. They change while they are listed: one table may look like two, but not for long. */
    private static boolean haveSameFds(int met, int thread) throws IOException {
        for (int i = 0; i < MOST_LOOKS; i++) {
            if (Arrays.equals(FdTable.fds(met), FdTable.fds(thread))) {
                return true;
            }
        }
        return false;
    }
}
