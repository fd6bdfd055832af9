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
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The processes that have ends of the pipes that a command is to read, besides the process that it replaces. */
final class OtherHolders {

    private OtherHolders() {}

    /**
     * Returns a description of each process that has a read end, is not among {@code replaced}, and runs: it may read.
     *
     * @param commands processes that are left out with their descendants, too
     */
    static List<String> readers(Collection<HeldEnds> replaced, Collection<Integer> commands) throws StandpipeException {
        List<String> readers = new ArrayList<>();
        Set<Integer> known = new HashSet<>(commands);
        for (PipeHolderScan.Holder holder : find(replaced)) {
            if (holder.accessMode() != Flags.O_WRONLY && known.add(holder.pid()) && !descends(holder.pid(), commands)) {
                describe(holder, readers);
            }
        }
        return readers;
    }

    /** Returns the processes that have a write end, and are not among {@code replaced}. */
    static Set<Integer> writers(Collection<HeldEnds> replaced) throws StandpipeException {
        return find(replaced).stream()
                .filter(holder -> holder.accessMode() != Flags.O_RDONLY)
                .map(PipeHolderScan.Holder::pid)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<PipeHolderScan.Holder> find(Collection<HeldEnds> replaced) throws StandpipeException {
        PipeHolderScan scan = new PipeHolderScan();
        Set<Integer> known = replaced.stream().map(HeldEnds::pid).collect(Collectors.toSet());
        known.add(ProcessCalls.pid());
        try {
            for (HeldEnds ends : replaced) {
                for (HeldEnd end : ends.ends()) {
                    PipeId pipe = end.pipe();
                    if (pipe != null && end.isReadEnd()) {
                        scan.want(pipe, ProcDirectory.link("/proc/self/fd/" + end.duplicate().number()));
                    }
                }
            }
            return scan.run().holders().stream().filter(holder -> !known.contains(holder.pid())).toList();
        } catch (IOException e) {
            throw Failures.of("processes that hold the same pipes", e);
        }
    }

    private static boolean descends(int pid, Collection<Integer> ancestors) {
        try {
            int at = pid;
            while (at > 1 && !ancestors.isEmpty()) {
                at = ProcessStatus.of(at).parentPid();
                if (ancestors.contains(at)) {
                    return true;
                }
            }
        } catch (IOException e) {
            return false; // It has ended.
        }
        return false;
    }

    private static void describe(PipeHolderScan.Holder holder, List<String> readers) {
        try {
            ProcessStatus status = ProcessStatus.of(holder.pid());
            if (PipeReaders.runs(status)) {
                readers.add("process " + holder.pid() + " (" + status.name().replaceAll("[^ -~]", "?") + "), descriptor " + holder.fd());
            }
        } catch (IOException e) {
            return; // It has ended.
        }
    }
}
