// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.proc;

import java.io.IOException;
import java.util.regex.Pattern;

/** The user namespace that this process is in. */
public final class UserNamespace {

    private static final Pattern ALL_IDS = Pattern.compile("\\s*0\\s+0\\s+4294967295");

    private UserNamespace() {}

    /** Returns whether all uids of the system have the same number here, as in the namespace that it starts with. */
    public static boolean isInitial() throws IOException {
        return ALL_IDS.matcher(ProcFile.readLine("/proc/self/uid_map")).matches();
    }
}
