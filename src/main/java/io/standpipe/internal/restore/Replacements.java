// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.restore;

import io.standpipe.Image;
import io.standpipe.internal.format.Task;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The saved fds that the caller does not want restored.
 *
 * @param chosen each, mapped to the fd of this process that a command gets in its place, or to {@link #NOTHING}
 */
public record Replacements(Map<SavedFd, Integer> chosen) {

    /** In place of a pid: the only process of the image. */
    public static final int ONLY_PROCESS = 0;

    /** In place of an fd: the saved fd is left out, and a command has what it inherits at that number. */
    public static final int NOTHING = -1;

    /** How many fds a message names. */
    private static final int MOST_NAMED = 20;

    static final Replacements NONE = new Replacements(Map.of());

    /** @param pid the process's saved pid, or {@link #ONLY_PROCESS} */
    record SavedFd(int pid, int fd) {

        boolean isOf(Image.Process process) {
            return pid == ONLY_PROCESS || pid == process.pid();
        }

        /** Written by hand, so that JDK 17 can unload the class. */
        @Override
        public boolean equals(Object other) {
            return other instanceof SavedFd && ((SavedFd) other).pid == pid && ((SavedFd) other).fd == fd;
        }

        @Override
        public int hashCode() {
            return 31 * pid + fd;
        }
    }

    /** @throws IllegalArgumentException if something else was chosen for the saved fd already */
    Replacements with(int pid, int savedFd, int fd) {
        Map<SavedFd, Integer> all = new LinkedHashMap<>(chosen);
        Integer before = all.put(new SavedFd(pid, savedFd), fd);
        if (before != null) {
            checkSame(savedFd, before, fd);
        }
        return new Replacements(all);
    }

    private static void checkSame(int savedFd, int one, int other) {
        if (one != other) {
            throw new IllegalArgumentException(
                    "saved descriptor " + savedFd + " is to be " + text(one) + ", and to be " + text(other) + ": choose one of them");
        }
    }

    private static String text(int fd) {
        return fd == NOTHING ? "left out" : "replaced by descriptor " + fd;
    }

    /** Returns the fds that a command gets in place of saved ones: its fd, to the fd of this process. */
    Map<Integer, Integer> of(Image.Process process) {
        Map<Integer, Integer> fds = new HashMap<>();
        chosen.forEach((saved, fd) -> {
            if (saved.isOf(process) && fd != NOTHING) {
                fds.put(saved.fd(), fd);
            }
        });
        return fds;
    }

    /**
     * Returns the processes without these fds.
     *
     * @param source for messages
     * @throws IllegalArgumentException if a process does not have the fd
     */
    List<Image.Process> leaveOut(List<Image.Process> saved, String source) {
        if (chosen.isEmpty()) {
            return saved;
        }
        for (SavedFd each : chosen.keySet()) {
            check(each, saved, source);
            Integer named = each.pid() == ONLY_PROCESS ? chosen.get(new SavedFd(Task.pid(saved.get(0)), each.fd())) : null;
            if (named != null) {
                checkSame(each.fd(), Objects.requireNonNull(chosen.get(each)), named);
            }
        }
        List<Image.Process> remaining = new ArrayList<>();
        for (Image.Process process : saved) {
            List<Image.Descriptor> descriptors = process.table().descriptors().stream()
                    .filter(descriptor -> chosen.keySet().stream()
                            .noneMatch(each -> each.fd() == descriptor.fd() && each.isOf(process)))
                    .toList();
            remaining.add(Task.with(process, descriptors));
        }
        return remaining;
    }

    private static void check(SavedFd wanted, List<Image.Process> saved, String source) {
        if (wanted.pid() == ONLY_PROCESS && saved.size() != 1) {
            throw new IllegalArgumentException(source + ": holds " + saved.size() + " processes: name the one that had descriptor "
                    + wanted.fd() + ", as PID:" + wanted.fd() + "; those in it had " + pids(saved));
        }
        Image.@Nullable Process process = saved.stream().filter(wanted::isOf).findFirst().orElse(null);
        if (process == null) {
            throw new IllegalArgumentException(
                    source + ": no process had pid " + wanted.pid() + "; those in it had " + pids(saved));
        }
        TreeSet<Integer> fds = new TreeSet<>();
        process.table().descriptors().forEach(descriptor -> fds.add(descriptor.fd()));
        if (!fds.contains(wanted.fd())) {
            throw new IllegalArgumentException(source + ": process " + process.pid() + " has no descriptor " + wanted.fd()
                    + " in it, only " + (fds.size() <= MOST_NAMED ? fds : fds.size() + " others"));
        }
    }

    /** Returns the pids of saved processes, ascending. */
    public static TreeSet<Integer> pids(List<Image.Process> saved) {
        TreeSet<Integer> pids = new TreeSet<>();
        saved.forEach(process -> pids.add(Task.pid(process)));
        return pids;
    }

    /** Returns the fds of this process that commands get at other numbers. */
    public TreeSet<Integer> fds() {
        TreeSet<Integer> fds = new TreeSet<>(chosen.values());
        fds.remove(NOTHING);
        return fds;
    }
}
