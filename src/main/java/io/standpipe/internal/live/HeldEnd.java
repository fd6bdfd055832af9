// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.live;

import io.standpipe.internal.proc.PipeId;
import io.standpipe.internal.sys.Flags;
import io.standpipe.pipe.Fd;
import org.jspecify.annotations.Nullable;

/**
 * A duplicate of an fd of another process: the same open file description.
 *
 * @param fd its number there
 * @param duplicate its number here
 * @param pipe null for what is no pipe
 * @param flags access mode and status flags, as F_GETFL returns them
 */
record HeldEnd(int fd, Fd duplicate, @Nullable PipeId pipe, int flags) {

    boolean isReadEnd() {
        return pipe != null && (flags & Flags.O_ACCMODE) != Flags.O_WRONLY;
    }
}
