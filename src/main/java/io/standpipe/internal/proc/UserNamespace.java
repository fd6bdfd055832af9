// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.proc;

import java.io.IOException;
import java.util.regex.Pattern;

/** The user namespace that this process is in. */
public final class UserNamespace {

    private static final Pattern ALL_IDS = Pattern.compile("\\s*0\\s+0\\s+4294967295");

    /** What the kernel shows in place of an id that is not mapped, unless /proc/sys/kernel/overflowuid was changed. */
    private static final int OVERFLOW_ID = 65534;

    private UserNamespace() {}

    /** Returns whether all uids of the system have the same number here, as in the namespace that it starts with. */
    public static boolean isInitial() throws IOException {
        return ALL_IDS.matcher(ProcFile.readLine("/proc/self/uid_map")).matches();
    }

    /** Returns whether a uid or gid that the kernel showed stands for one that is not mapped in this namespace. */
    public static boolean isUnmapped(int uid, int gid) throws IOException {
        return uid == OVERFLOW_ID && !maps("uid_map") || gid == OVERFLOW_ID && !maps("gid_map");
    }

    /** Each line of a map has the first id inside, the first one outside, and how many follow. */
    private static boolean maps(String file) throws IOException {
        for (String line : ProcFile.readLines("/proc/self/" + file)) {
            String[] numbers = line.trim().split(" +");
            long first = Long.parseLong(numbers[0]);
            if (OVERFLOW_ID >= first && OVERFLOW_ID < first + Long.parseLong(numbers[2])) {
                return true;
            }
        }
        return false;
    }
}
