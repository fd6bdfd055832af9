// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import java.util.OptionalLong;

/**
 * A process, named for people. What could not be read is empty.
 *
 * @param name of its program, cut to 15 bytes (comm); a process may choose any bytes
 * @param commandLine the arguments, separated by blanks and cut after 4,096 bytes; empty for one that has ended
 * @param uid the effective one, 0 to 4,294,967,295; empty if unknown
 * @param user the uid's name, or the uid in digits if it has none
 * @param state a letter as ps shows it, such as {@code T} for stopped; {@code ?} if unknown
 * @param cgroup the path of its cgroup, by which a container is known: that of version 2 or, where that is the root, the first of
 *     version 1 that is not
 * @since 0.1
 */
public record LiveProcess(long pid, String name, String commandLine, OptionalLong uid, String user, char state, String cgroup) {

    /** Returns what to call it in a sentence: {@code cat (process 4711)}. */
    @Override
    public String toString() {
        return name + " (process " + pid + ")";
    }
}
