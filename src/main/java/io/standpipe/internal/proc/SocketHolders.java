// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.proc;

import io.standpipe.internal.sys.ProcessCalls;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The fds of sockets in other processes, found by their links in /proc. */
final class SocketHolders {

    private static final Pattern SOCKET = Pattern.compile("socket:\\[(\\d+)]");

    /**
     * An fd of a socket.
     *
     * @param thread the process's first one, or another one that has an fd table of its own
     * @param ino the socket's inode number
     */
    record SocketFd(int pid, int thread, int fd, long ino) {}

    private SocketHolders() {}

    /** Returns the fds of some sockets, by inode number, ascending by pid and fd; those of processes that may not be looked at are not found. */
    static Map<Long, List<SocketFd>> find(Set<Long> inodes) throws IOException {
        Map<Long, List<SocketFd>> holders = new HashMap<>();
        for (int pid : inodes.isEmpty() ? List.<Integer>of() : ProcDirectory.pids()) {
            if (pid != ProcessCalls.pid()) {
                for (SocketFd fd : ofIfVisible(pid)) {
                    if (inodes.contains(fd.ino())) {
                        holders.computeIfAbsent(fd.ino(), none -> new ArrayList<>()).add(fd);
                    }
                }
            }
        }
        return holders;
    }

    private static List<SocketFd> ofIfVisible(int pid) throws IOException {
        try {
            return of(pid);
        } catch (ErrnoException e) {
            if (e.errno() == Errno.ESRCH || e.errno() == Errno.EPERM) {
                return List.of();
            }
            throw e;
        } catch (IOException e) {
            return List.of(); // It has ended, or may not be looked at.
        }
    }

    /** Returns the fds of all sockets that a process has. */
    static List<SocketFd> of(int pid) throws IOException {
        List<SocketFd> fds = new ArrayList<>();
        for (int thread : ThreadTables.of(pid)) {
            for (int fd : FdTable.fds(thread)) {
                Matcher socket = SOCKET.matcher(link(thread, fd));
                if (socket.matches()) {
                    fds.add(new SocketFd(pid, thread, fd, Long.parseUnsignedLong(socket.group(1))));
                }
            }
        }
        return fds;
    }

    /** Returns an fd's link; an empty string if it was closed since the listing. */
    private static String link(int thread, int fd) throws IOException {
        try {
            return new String(ProcDirectory.link("/proc/" + thread + "/fd/" + fd), StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            return "";
        }
    }
}
