// SPDX-License-Identifier: Apache-2.0
package io.standpipe.pipe;

import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;

/** {@code /dev/null}: an fd that is open, and no pipe. */
final class DevNull {

    private DevNull() {}

    static Fd open() throws ErrnoException {
        return FileCalls.open(FileCalls.CURRENT_DIRECTORY, "/dev/null", Flags.O_RDWR, 0);
    }
}
