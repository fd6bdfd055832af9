// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.internal.sys.FdCalls;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The fds that this process was started with: standard input, output and error unless the caller closed them, and redirections
 * such as {@code 9>lock}. A restored command inherits them, as it would if the caller had started it directly.
 *
 * <p>The kernel does not tell inherited fds from those that a thread of the JVM has open for a moment, to read a limit of its
 * control group. So each fd is noted with its inode at the start, and looked at again later: an inherited fd still has the inode.
 */
final class InheritedDescriptors {

    private static final Path FDS = Path.of("/proc/self/fd");
    private static final String FD_INFOS = "/proc/self/fdinfo";
    private static final int CLOSE_ON_EXEC = 02000000;
    private static final long LONGEST_MOMENT_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long BETWEEN_LOOKS_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

    /** What an fd refers to: the file's name in /proc/self/fd, and the device and the number of its inode. */
    private record Opened(Path name, Map<String, Object> inode) {

        /** Returns whether the file is of a kind that the JVM reads at any time: its control group, or its own /proc. */
        boolean mayBeTheJvms() {
            return name.startsWith("/proc") || name.startsWith("/sys");
        }
    }

    /** Null if the fds could not be listed. */
    private final @Nullable Map<Integer, Opened> noted;

    private InheritedDescriptors(@Nullable Map<Integer, Opened> noted) {
        this.noted = noted;
    }

    /**
     * Notes the open fds. Must be called before anything else opens a file: until then the JVM itself has opened, and keeps open,
     * only the files of java.home and of the class path. Lists the directory by {@code java.io.File}, since loading the native
     * library opens more.
     */
    static InheritedDescriptors note() {
        String[] fds = FDS.toFile().list();
        if (fds == null) {
            return new InheritedDescriptors(null);
        }
        Set<Path> classPath = new HashSet<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (!entry.isEmpty()) {
                real(entry, classPath);
            }
        }
        Set<Path> javaHome = new HashSet<>();
        real(System.getProperty("java.home"), javaHome);
        Map<Integer, Opened> noted = new TreeMap<>();
        for (String name : fds) {
            int fd = Integer.parseInt(name);
            Opened opened = opened(fd);
            if (opened != null
                    && !classPath.contains(opened.name())
                    && javaHome.stream().noneMatch(opened.name()::startsWith)) {
                noted.put(fd, opened);
            }
        }
        // Afterwards, since this opens files itself: one could get the fd of what was listed and is closed by now.
        noted.keySet().removeIf(InheritedDescriptors::isCloseOnExec);
        return new InheritedDescriptors(noted);
    }

    private static void real(String path, Set<Path> found) {
        try {
            found.add(Path.of(path).toRealPath());
        } catch (IOException e) {
            // What does not exist is not open either.
        }
    }

    /** Returns what is open at this number, or null if nothing is. */
    private static @Nullable Opened opened(int fd) {
        Path link = FDS.resolve(Integer.toString(fd));
        try {
            return new Opened(Files.readSymbolicLink(link), Files.readAttributes(link, "unix:dev,ino"));
        } catch (IOException e) {
            return null;
        }
    }

    /** Returns whether an exec closes the fd, which no exec did that started this process. */
    private static boolean isCloseOnExec(int fd) {
        // No channel: for channels the JDK opens sockets, which it keeps.
        try (FileInputStream info = new FileInputStream(FD_INFOS + "/" + fd)) {
            String[] words = new String(info.readAllBytes(), StandardCharsets.US_ASCII).split("\\s+");
            return (Integer.parseInt(words[Arrays.asList(words).indexOf("flags:") + 1], 8) & CLOSE_ON_EXEC) != 0;
        } catch (IOException e) {
            return true;
        }
    }

    /**
     * Returns the inherited fds: those that are still what they were. Waits for a file of a kind that the JVM reads to be closed,
     * for two seconds, in which a thread on a busy machine reads one; an inherited one stays open.
     */
    Set<Integer> fds() throws IOException {
        if (noted == null) {
            throw new IOException(FDS + " cannot be listed");
        }
        Set<Integer> inherited = new TreeSet<>(noted.keySet());
        long end = System.nanoTime() + LONGEST_MOMENT_NANOS;
        while (true) {
            inherited.removeIf(fd -> !Objects.equals(noted.get(fd), opened(fd)));
            // What the JVM keeps open has the lowest numbers, if the caller left them free.
            boolean decided = inherited.stream().noneMatch(
                    fd -> fd > Subcommand.STANDARD_ERROR && Objects.requireNonNull(noted.get(fd)).mayBeTheJvms());
            if (decided || System.nanoTime() > end) {
                return inherited;
            }
            LockSupport.parkNanos(BETWEEN_LOOKS_NANOS);
        }
    }

    /** Keeps commands from inheriting what the JVM opened as a standard stream that the caller had closed. */
    static void closeOthersOnExec(Set<Integer> inherited) throws IOException {
        for (int fd = Subcommand.STANDARD_INPUT; fd <= Subcommand.STANDARD_ERROR; fd++) {
            if (!inherited.contains(fd) && FdCalls.isOpen(fd)) {
                FdCalls.setCloseOnExec(fd, true);
            }
        }
    }
}
