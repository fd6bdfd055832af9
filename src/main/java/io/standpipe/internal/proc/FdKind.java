// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.proc;

import io.standpipe.internal.format.EscapedPath;
import io.standpipe.internal.sys.Flags;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Describes for messages what an fd refers to: an end of a pipe, or the kind of file that it is instead. */
public final class FdKind {

    /** The mode of a file whose status the caller did not ask for. */
    public static final int UNKNOWN_MODE = 0;

    private static final Pattern SOCKET = Pattern.compile("socket:\\[(\\d+)]");
    private static final Pattern ANONYMOUS_INODE = Pattern.compile("anon_inode:\\[?([^]]*)]?");
    private static final Pattern MEMFD = Pattern.compile("/memfd:(.*) \\(deleted\\)");
    private static final Pattern TERMINAL = Pattern.compile("/dev/(pts/\\d+|tty.*|console)");

    private static final Map<String, String> ANONYMOUS_INODES =
            Map.of("eventpoll", "an epoll instance", "io_uring", "an io_uring", "inotify", "an inotify instance");

    /** The kernel's lists of sockets in /proc/PID/net, and the number of the column that has a socket's inode number. */
    private enum SocketList {
        UNIX("unix", 6, "a Unix socket"),
        TCP("tcp", 9, "a TCP socket"),
        TCP6("tcp6", 9, "a TCP socket"),
        UDP("udp", 9, "a UDP socket"),
        UDP6("udp6", 9, "a UDP socket"),
        NETLINK("netlink", 9, "a netlink socket");

        private final String file;
        private final int inodeColumn;
        private final String kind;

        SocketList(String file, int inodeColumn, String kind) {
            this.file = file;
            this.inodeColumn = inodeColumn;
            this.kind = kind;
        }

        private boolean has(int pid, String inode) throws IOException {
            return ProcFile.readLines("/proc/" + pid + "/net/" + file).stream()
                    .map(line -> line.trim().split(" +"))
                    .anyMatch(words -> words.length > inodeColumn && words[inodeColumn].equals(inode));
        }
    }

    private FdKind() {}

    /**
     * Returns what an fd of a process refers to, such as "a Unix socket" or "the regular file /var/log/messages". It asks no file
     * system, which might not answer.
     *
     * @param mode the file's st_mode, or {@link #UNKNOWN_MODE}
     * @throws java.nio.file.NoSuchFileException if the fd is not open, or the process has ended
     */
    public static String describe(int pid, int fd, int mode) throws IOException {
        byte[] bytes = ProcDirectory.link("/proc/" + pid + "/fd/" + fd);
        String link = new String(bytes, StandardCharsets.ISO_8859_1);
        Matcher socket = SOCKET.matcher(link);
        if (socket.matches()) {
            return socket(pid, socket.group(1));
        }
        if (link.startsWith("pipe:")) {
            return "a pipe";
        }
        Matcher anonymous = ANONYMOUS_INODE.matcher(link);
        if (anonymous.matches()) {
            String name = EscapedPath.of(anonymous.group(1));
            return ANONYMOUS_INODES.getOrDefault(name, (name.matches("[aeiou].*") ? "an " : "a ") + name);
        }
        if (MEMFD.matcher(link).matches()) {
            return "a memfd, " + EscapedPath.of(bytes);
        }
        return (TERMINAL.matcher(link).matches() ? "the terminal " : file(mode)) + EscapedPath.of(bytes);
    }

    private static String file(int mode) {
        switch (mode & Flags.S_IFMT) {
            case Flags.S_IFREG:
                return "the regular file ";
            case Flags.S_IFDIR:
                return "the directory ";
            case Flags.S_IFCHR:
                return "the character device ";
            case Flags.S_IFBLK:
                return "the block device ";
            case Flags.S_IFIFO:
                return "the FIFO ";
            default:
                return "the file ";
        }
    }

    /** Returns whether a socket is a Unix socket of a process's network namespace. */
    static boolean isUnixSocket(int pid, long ino) {
        try {
            return SocketList.UNIX.has(pid, Long.toUnsignedString(ino));
        } catch (IOException e) {
            return false; // The kernel has no such sockets, or the process has ended.
        }
    }

    /** A socket is in the lists of its own network namespace, which need not be the process's. */
    private static String socket(int pid, String inode) {
        for (SocketList list : SocketList.values()) {
            try {
                if (list.has(pid, inode)) {
                    return list.kind;
                }
            } catch (IOException e) {
                // The kernel has no such sockets, or the process has ended.
            }
        }
        return "a socket";
    }
}
