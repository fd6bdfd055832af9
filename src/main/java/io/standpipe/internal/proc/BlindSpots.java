// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.proc;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a search for the holders of a pipe cannot see.
 *
 * @param spots what it cannot see, in words
 * @param isCurable whether root would see more
 */
public record BlindSpots(List<String> spots, boolean isCurable) {

    private static final long CAP_SYS_PTRACE = 1L << 19;
    private static final Pattern HIDING_PROC = Pattern.compile(".* /proc .* - proc .*\\bhidepid=(?!0|off).*");
    private static final Pattern IN_FLIGHT = Pattern.compile("scm_fds:\\s*[1-9]\\d*");

    /** A file that is registered with an io_uring: before Linux 6.14, a pipe or a socket had no name there. */
    private static final Pattern NAMELESS = Pattern.compile(" +\\d+: ?");

    /** The namespace that a system starts with has this number since Linux 3.8. */
    private static final String FIRST_PID_NAMESPACE = "pid:[4026531836]";

    /**
     * Finds out what a search could not see.
     *
     * @param inaccessibleProcesses how many processes it met that it could not look at
     */
    public static BlindSpots of(int inaccessibleProcesses) throws IOException {
        List<String> spots = new ArrayList<>(hidden());
        if (inaccessibleProcesses > 0) {
            spots.add("processes that this user may not look at: " + inaccessibleProcesses);
        }
        boolean curable = !spots.isEmpty() && !isPrivileged();
        if (!link("/proc/self/ns/pid").equals(FIRST_PID_NAMESPACE)) {
            spots.add("processes outside of this pid namespace");
        }
        opaque().forEach((kind, holder) -> spots.add(kind + " (" + holder + ")"));
        return new BlindSpots(spots, curable);
    }

    /** Returns, in words, the processes of which /proc does not even show how many there are; none if it shows all. */
    public static List<String> hidden() throws IOException {
        return ProcFile.readLines("/proc/self/mountinfo").stream().anyMatch(line -> HIDING_PROC.matcher(line).matches())
                        && !isPrivileged()
                ? List.of("processes of other users, hidden by the mount option hidepid of /proc")
                : List.of();
    }

    private static boolean isPrivileged() throws IOException {
        return (ProcessStatus.effectiveCapabilities() & CAP_SYS_PTRACE) != 0 && UserNamespace.isInitial();
    }

    public boolean isEmpty() {
        return spots.isEmpty();
    }

    /** Returns what holds files that it does not name: each kind, with the first process and fd that have it. */
    private static Map<String, String> opaque() throws IOException {
        Map<String, String> found = new TreeMap<>();
        for (int pid : ProcDirectory.pids()) {
            for (int fd : fds(pid)) {
                String kind = opaque(pid, fd);
                if (kind != null) {
                    found.putIfAbsent(kind, "process " + pid + ", descriptor " + fd);
                }
            }
        }
        return found;
    }

    private static int[] fds(int pid) {
        try {
            return FdTable.fds(pid);
        } catch (IOException e) {
            return new int[0]; // The process has ended, or may not be looked at.
        }
    }

    private static @Nullable String opaque(int pid, int fd) {
        try {
            String link = link("/proc/" + pid + "/fd/" + fd);
            boolean isEither = link.startsWith("socket:") || link.equals(PipeHolderScan.RING);
            return isEither ? opaque(link, ProcFile.readLines("/proc/" + pid + "/fdinfo/" + fd)) : null;
        } catch (IOException e) {
            return null; // It was closed.
        }
    }

    /** Returns which files, if any, a socket or an io_uring holds without their names, by its lines in /proc/PID/fdinfo. */
    static @Nullable String opaque(String link, List<String> lines) {
        boolean isRing = link.equals(PipeHolderScan.RING);
        if (lines.stream().noneMatch((isRing ? NAMELESS : IN_FLIGHT).asMatchPredicate())) {
            return null;
        }
        return isRing ? "pipes or sockets that are registered with an io_uring, which Linux names from 6.14 on"
                : "descriptors that are in flight in a socket";
    }

    private static String link(String path) throws IOException {
        return new String(ProcDirectory.link(path), StandardCharsets.ISO_8859_1);
    }

    @Override
    public String toString() {
        return String.join("; ", spots);
    }
}
