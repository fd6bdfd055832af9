// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

/**
 * One thing that {@link HostCheck} has tried.
 *
 * @param part what it is needed for: save, freeze, restore or list; or host, for what concerns all of these
 * @param name of what was tried, such as a system call or a limit
 * @param detail what was found, and what is not possible without it
 * @param remedy what would help; empty if nothing is needed
 * @since 0.1
 */
public record HostFinding(String part, String name, Level level, String detail, String remedy) {

    /**
     * What a finding means for checkpoint and restore.
     *
     * @since 0.1
     */
    public enum Level {
        /** Works. */
        OK,
        /** Works up to a limit that some users reach, or by a way that takes longer or finds out less. */
        LIMITED,
        /** Does not work: a part of checkpoint or restore is not possible. */
        MISSING
    }
}
