// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.proc;

import java.util.List;
import java.util.StringJoiner;

/** The names of Linux capabilities. */
final class Capabilities {

    /** So many are named, of more only how many there are. */
    private static final int MOST_NAMED = 4;

    private static final List<String> NAMES = List.of(
            "CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER", "FSETID", "KILL", "SETGID", "SETUID", "SETPCAP", "LINUX_IMMUTABLE",
            "NET_BIND_SERVICE", "NET_BROADCAST", "NET_ADMIN", "NET_RAW", "IPC_LOCK", "IPC_OWNER", "SYS_MODULE", "SYS_RAWIO",
            "SYS_CHROOT", "SYS_PTRACE", "SYS_PACCT", "SYS_ADMIN", "SYS_BOOT", "SYS_NICE", "SYS_RESOURCE", "SYS_TIME",
            "SYS_TTY_CONFIG", "MKNOD", "LEASE", "AUDIT_WRITE", "AUDIT_CONTROL", "SETFCAP", "MAC_OVERRIDE", "MAC_ADMIN", "SYSLOG",
            "WAKE_ALARM", "BLOCK_SUSPEND", "AUDIT_READ", "PERFMON", "BPF", "CHECKPOINT_RESTORE");

    private Capabilities() {}

    /** Returns the capabilities of a set, such as {@code CAP_KILL, CAP_BPF}. */
    static String names(long set) {
        if (Long.bitCount(set) > MOST_NAMED) {
            return Long.bitCount(set) + " capabilities";
        }
        StringJoiner names = new StringJoiner(", ");
        for (int number = 0; number < Long.SIZE; number++) {
            if ((set & 1L << number) != 0) {
                names.add(number < NAMES.size() ? "CAP_" + NAMES.get(number) : "capability " + number);
            }
        }
        return names.toString();
    }
}
