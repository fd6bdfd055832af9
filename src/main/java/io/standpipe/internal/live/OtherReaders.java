// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.live;

import io.standpipe.StandpipeException;
import io.standpipe.internal.proc.PipeHolderScan;
import io.standpipe.internal.proc.PipeId;
import io.standpipe.internal.proc.ProcDirectory;
import io.standpipe.internal.proc.ProcessStatus;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.ProcessCalls;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Finds the processes that read, or may read, the pipes that a command is to read, besides the process that it replaces. */
final class OtherReaders {

    private OtherReaders() {}

    /** Returns a description of each process that has a read end, is not among {@code replaced}, and runs. */
    static List<String> of(Collection<HeldEnds> replaced) throws StandpipeException {
        PipeHolderScan scan = new PipeHolderScan();
        Set<Integer> known = replaced.stream().map(HeldEnds::pid).collect(Collectors.toSet());
        known.add(ProcessCalls.pid());
        try {
            for (HeldEnds ends : replaced) {
                for (HeldEnd end : ends.ends()) {
                    PipeId pipe = end.pipe();
                    if (pipe != null && end.isReadEnd()) {
                        want(scan, pipe, end);
                    }
                }
            }
            List<String> readers = new ArrayList<>();
            for (PipeHolderScan.Holder holder : scan.run().holders()) {
                if (holder.accessMode() != Flags.O_WRONLY && known.add(holder.pid())) {
                    describe(holder, readers);
                }
            }
            return readers;
        } catch (IOException e) {
            throw Failures.of("processes that read the same pipes", e);
        }
    }

    private static void want(PipeHolderScan scan, PipeId pipe, HeldEnd end) throws IOException {
        byte[] link = ProcDirectory.link("/proc/self/fd/" + end.duplicate().number());
        if (link[0] == '/') {
            scan.wantFifo(pipe, link);
        } else {
            scan.want(pipe);
        }
    }

    private static void describe(PipeHolderScan.Holder holder, List<String> readers) {
        try {
            ProcessStatus status = ProcessStatus.of(holder.pid());
            if (!status.isStopped() && !status.name().equals(Holder.NAME)) {
                readers.add("process " + holder.pid() + " (" + status.name().replaceAll("[^ -~]", "?") + "), descriptor " + holder.fd());
            }
        } catch (IOException e) {
            return; // It has ended.
        }
    }
}
