// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.pipes;

import io.standpipe.LiveActivity;
import io.standpipe.LiveProcess;
import io.standpipe.internal.proc.ProcessActivity;
import io.standpipe.internal.proc.ProcessNames;
import io.standpipe.internal.proc.ProcessStatus;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A process whose fds are scanned. What it does, and its names, are found out once a pipe is met: most processes hold none. */
final class ScannedProcess {

    private final ProcessStatus status;
    private final ProcessNames names;
    private final boolean isOwn;
    private @Nullable ProcessActivity activity;
    private @Nullable LiveProcess named;

    /** @param isOwn whether it is this process, whose activity is no news */
    ScannedProcess(ProcessStatus status, ProcessNames names, boolean isOwn) {
        this.status = status;
        this.names = names;
        this.isOwn = isOwn;
    }

    int pid() {
        return status.pid();
    }

    LiveActivity activity(ProcessActivity.End end) throws IOException {
        if (isOwn) {
            return ProcessActivity.unknown(pid());
        }
        if (activity == null) {
            activity = ProcessActivity.of(status);
        }
        return activity.at(end);
    }

    LiveProcess named() throws IOException {
        if (named == null) {
            named = names.name(status);
        }
        return named;
    }
}
