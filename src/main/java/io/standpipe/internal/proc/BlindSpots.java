// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.proc;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
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
        String socket = socketWithDescriptors();
        if (socket != null) {
            spots.add("descriptors that are in flight in a socket (" + socket + ")");
        }
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

    /** Returns a socket in whose queue there are descriptors (SCM_RIGHTS), by a process and an fd that have it; null if none is found. */
    private static @Nullable String socketWithDescriptors() throws IOException {
        for (int pid : ProcDirectory.pids()) {
            String socket = socketWithDescriptors(pid);
            if (socket != null) {
                return socket;
            }
        }
        return null;
    }

    private static @Nullable String socketWithDescriptors(int pid) {
        try {
            for (int fd : FdTable.fds(pid)) {
                if (link("/proc/" + pid + "/fd/" + fd).startsWith("socket:")
                        && ProcFile.readLines("/proc/" + pid + "/fdinfo/" + fd).stream()
                                .anyMatch(line -> IN_FLIGHT.matcher(line).matches())) {
                    return "process " + pid + ", descriptor " + fd;
                }
            }
            return null;
        } catch (IOException e) {
            return null; // The process has ended, or may not be looked at.
        }
    }

    private static String link(String path) throws IOException {
        return new String(ProcDirectory.link(path), StandardCharsets.ISO_8859_1);
    }

    @Override
    public String toString() {
        return String.join("; ", spots);
    }
}
