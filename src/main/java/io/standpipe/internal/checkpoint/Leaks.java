// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.checkpoint;

import io.standpipe.Image;
import io.standpipe.StandpipeException;
import io.standpipe.internal.proc.PipeHolderScan;
import io.standpipe.internal.proc.PipeId;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.ProcessCalls;
import io.standpipe.pipe.Fd;
import java.io.IOException;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Ends of pipes that are held outside the checkpoint.
 *
 * @param ends by objref of the pipe
 * @param inaccessibleProcesses how many processes could not be looked at
 */
record Leaks(Map<Integer, Image.ExternalEnds> ends, int inaccessibleProcesses) {

    /** Nobody searched. */
    static final Leaks UNKNOWN = new Leaks(Map.of(), 0);

    /** Returns the ends of a pipe that others hold. */
    Image.ExternalEnds of(OpenPipe pipe) {
        return ends.getOrDefault(pipe.objref(), Image.ExternalEnds.UNKNOWN);
    }

    /**
     * Searches all processes: the series' leak detection ("c/r" v18 31/80). Fds that this process has open for the checkpoint do
     * not count.
     *
     * @param own fds that this process has open for the checkpoint
     * @param strict whether to throw if there is such an end
     */
    static Leaks find(List<Image.Process> processes, Collection<OpenPipe> pipes, Collection<Fd> own, boolean strict)
            throws StandpipeException {
        PipeHolderScan scan = new PipeHolderScan();
        Map<PipeId, Integer> objrefs = new HashMap<>();
        for (OpenPipe pipe : pipes) {
            objrefs.put(pipe.addTo(scan), pipe.objref());
        }
        exclude(scan, processes, own);
        try {
            PipeHolderScan.Result found = scan.run();
            if (strict && !found.holders().isEmpty()) {
                throw refusal(found.holders().get(0));
            }
            return new Leaks(ends(objrefs, found.holders()), found.inaccessibleProcesses());
        } catch (IOException e) {
            throw Failures.of("cannot look who else holds the pipes", e);
        }
    }

    private static void exclude(PipeHolderScan scan, List<Image.Process> processes, Collection<Fd> own) {
        BitSet open = new BitSet();
        own.stream().filter(Fd::isOpen).forEach(fd -> open.set(fd.number()));
        scan.exclude(ProcessCalls.pid(), open);
        for (Image.Process process : processes) {
            BitSet saved = new BitSet();
            process.table().descriptors().forEach(descriptor -> saved.set(descriptor.fd()));
            scan.exclude(process.pid(), saved);
        }
    }

    private static StandpipeException refusal(PipeHolderScan.Holder holder) {
        String end = List.of("the read end", "the write end", "both ends").get(holder.accessMode());
        return new StandpipeException("pipe " + Long.toUnsignedString(holder.pipe().ino()) + ": " + end
                + " is held by " + holder.describe() + ", which is not to be saved (--strict)");
    }

    private static Map<Integer, Image.ExternalEnds> ends(Map<PipeId, Integer> objrefs, List<PipeHolderScan.Holder> holders) {
        Map<Integer, Image.ExternalEnds> ends = new HashMap<>();
        objrefs.values().forEach(objref -> ends.put(objref, new Image.ExternalEnds(true, false, false)));
        for (PipeHolderScan.Holder holder : holders) {
            Image.ExternalEnds held = new Image.ExternalEnds(
                    true, holder.accessMode() != Flags.O_WRONLY, holder.accessMode() != Flags.O_RDONLY);
            ends.merge(objrefs.get(holder.pipe()), held, Image.ExternalEnds::and);
        }
        return ends;
    }
}
