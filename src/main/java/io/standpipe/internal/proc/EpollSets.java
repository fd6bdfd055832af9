// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.proc;

import io.standpipe.internal.sys.ProcessCalls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What epoll sets watch, those of the JVM's selectors among them, as /proc/PID/fdinfo shows it. */
public final class EpollSets {

    private static final byte[] LINK = "anon_inode:[eventpoll]".getBytes(StandardCharsets.US_ASCII);
    private static final Pattern WATCHED = Pattern.compile(
            "tfd:\\s*(\\d+) events:\\s*(\\p{XDigit}+) data:\\s*(\\p{XDigit}+)\\s+pos:\\S+ ino:(\\p{XDigit}+) .*");

    private EpollSets() {}

    /**
     * An fd in an epoll set.
     *
     * @param epoll the set's fd
     * @param number the watched fd, as it was when it was added
     * @param events EPOLLIN and the like
     * @param data what the set returns with an event
     * @param ino the st_ino of the watched file when the fd was added
     */
    public record Watch(int epoll, int number, int events, long data, long ino) {}

    /**
     * Returns all that the epoll sets of this process watch now.
     *
     * @param excluded fds that are known to be no epoll sets
     */
    public static List<Watch> watches(BitSet excluded) throws IOException {
        List<Watch> watches = new ArrayList<>();
        for (int fd : FdTable.fdsExcept(excluded, ProcessCalls.pid())) {
            if (isEpoll(fd)) {
                watches.addAll(watches(ProcessCalls.pid(), fd));
            }
        }
        return watches;
    }

    /** Returns whether an fd of this process is an epoll set. */
    public static boolean isEpoll(int fd) throws IOException {
        try {
            return Arrays.equals(ProcDirectory.link("/proc/self/fd/" + fd), LINK);
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /** Returns what an epoll set of a process watches; nothing if the set was closed. */
    static List<Watch> watches(int pid, int epoll) throws IOException {
        List<Watch> watches = new ArrayList<>();
        try {
            for (String line : ProcFile.readLines("/proc/" + pid + "/fdinfo/" + epoll)) {
                Matcher watched = WATCHED.matcher(line);
                if (watched.matches()) {
                    watches.add(new Watch(
                            epoll, Integer.parseInt(watched.group(1)), Integer.parseUnsignedInt(watched.group(2), 16),
                            Long.parseUnsignedLong(watched.group(3), 16), Long.parseUnsignedLong(watched.group(4), 16)));
                }
            }
            return watches;
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }
}
