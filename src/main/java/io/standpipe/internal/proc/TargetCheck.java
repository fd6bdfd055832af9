// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.proc;

import io.standpipe.StandpipeException;
import io.standpipe.UnavailableException;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.ProcessCalls;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;

/** Checks that a number which the caller gave is a process with fds, and says what it is otherwise. */
public final class TargetCheck {

    private TargetCheck() {}

    /** Returns a number that the caller gave as a pid, if it can be one. */
    public static int pid(long pid) {
        if (pid < 1 || pid > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("pid is " + pid + ", expected 1 to " + Integer.MAX_VALUE);
        }
        return (int) pid;
    }

    /** Returns numbers that the caller gave as fds, ascending, each once; there must be one at least, and none negative. */
    public static int[] fds(int[] descriptors) {
        int[] numbers = Arrays.stream(descriptors).sorted().distinct().toArray();
        if (numbers.length == 0) {
            throw new IllegalArgumentException("no descriptor is named, expected at least one");
        }
        if (numbers[0] < 0) {
            throw new IllegalArgumentException("descriptor is " + numbers[0] + ", expected 0 or more");
        }
        return numbers;
    }

    /**
     * Throws unless a number is a process that has not ended, and that this process may see.
     *
     * @throws ProcessEndedException if there is no such process any more, or never was
     */
    public static void check(int pid) throws StandpipeException {
        String name = "process " + pid + ": ";
        try {
            ProcessStatus status = ProcessStatus.of(pid);
            int leader = ProcessStatus.leader(pid);
            if (leader != pid) {
                throw new StandpipeException(name + "not a process, but a thread of process " + leader + ": name that one");
            }
            if (status.isKernelThread()) {
                throw new StandpipeException(name + "a kernel thread, which has no pipes");
            }
            if (status.hasEnded()) {
                throw new ProcessEndedException(pid, "it has ended", null);
            }
        } catch (StandpipeException e) {
            throw e;
        } catch (IOException e) {
            throw missing(pid, name, e);
        }
    }

    /** With hidepid=1 the files of others' processes are refused, with hidepid=2 they are not there; a pidfd shows that a process is. */
    private static StandpipeException missing(int pid, String name, IOException e) throws StandpipeException {
        boolean refused = e instanceof ErrnoException call && call.errno() == Errno.EPERM;
        if (!refused && !(e instanceof NoSuchFileException)) {
            return Failures.of(name + "cannot read its status", e);
        }
        try {
            ProcessCalls.pidfdOpen(pid).close();
            return new UnavailableException(name + "it is another user's, and hidden by the mount option hidepid of /proc;"
                    + " run as its user or as root", e);
        } catch (ErrnoException none) {
            return refused ? Failures.of(name + "cannot read its status", e)
                    : new ProcessEndedException(pid, "there is no such process", e);
        }
    }
}
