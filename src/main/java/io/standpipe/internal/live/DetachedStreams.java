// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.live;

import io.standpipe.StandpipeException;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.FdCalls;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.Stat;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The standard streams of a command that goes on without this process. Those that this process was started with are not for it:
 * a terminal may go away, and the reader of a pipe waits for its end. A file that the caller chose is.
 *
 * @param fromOld which ones it gets from the process that it replaces
 * @param own the fd in the command, to the fd here, for all that it does not get from there
 * @param nowhere open at /dev/null
 */
public record DetachedStreams(Set<Integer> fromOld, Map<Integer, Integer> own, Fd nowhere) implements AutoCloseable {

    private static final int STREAMS = 3;

    /**
     * Finds out what this process's standard streams are.
     *
     * @param inherited the fds that the caller has given this process: at others the JVM may have opened files of its own
     */
    public static DetachedStreams find(Set<Integer> inherited) throws StandpipeException {
        try {
            Set<Integer> fromOld = new TreeSet<>();
            for (int fd = 0; fd < STREAMS; fd++) {
                if (!inherited.contains(fd) || !FdCalls.isOpen(fd) || (Stat.of(fd).mode() & Flags.S_IFMT) != Flags.S_IFREG) {
                    fromOld.add(fd);
                }
            }
            Fd nowhere = FileCalls.open(FileCalls.CURRENT_DIRECTORY, "/dev/null", Flags.O_RDWR, 0);
            Map<Integer, Integer> own = new TreeMap<>();
            for (int fd = 0; fd < STREAMS; fd++) {
                own.put(fd, fromOld.contains(fd) ? nowhere.number() : fd);
            }
            return new DetachedStreams(fromOld, own, nowhere);
        } catch (ErrnoException e) {
            throw Failures.of("standard streams of the command", e);
        }
    }

    @Override
    public void close() {
        nowhere.close();
    }
}
