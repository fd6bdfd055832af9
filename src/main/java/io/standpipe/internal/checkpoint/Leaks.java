// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.checkpoint;

import io.standpipe.Image;
import io.standpipe.StandpipeException;
import io.standpipe.UnavailableException;
import io.standpipe.internal.format.Task;
import io.standpipe.internal.proc.BlindSpots;
import io.standpipe.internal.proc.PipeHolderScan;
import io.standpipe.internal.proc.PipeId;
import io.standpipe.internal.store.ProgressTracker;
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
 * @param notes for the report: what could not be ruled out
 */
record Leaks(Map<Integer, Image.ExternalEnds> ends, int inaccessibleProcesses, List<String> notes) {

    /** Nobody searched. */
    static final Leaks UNKNOWN = new Leaks(Map.of(), 0, List.of());

    /** Returns the ends of a pipe that others hold. */
    Image.ExternalEnds of(OpenPipe pipe) {
        return ends.getOrDefault(pipe.objref(), Image.ExternalEnds.UNKNOWN);
    }

    /**
     * Searches all processes: the series' leak detection ("c/r" v18 31/80). Fds that this process has open for the checkpoint do
     * not count.
     *
     * @param polled the pipes, with what poll says of the end that is not saved
     * @param own fds that this process has open for the checkpoint
     * @param tracker gets to know each end that was found
     * @param strict whether to throw if there is such an end, or there may be
     */
    static Leaks find(
            List<Image.Process> processes, Map<OpenPipe, Image.ExternalEnds> polled, Collection<Fd> own, boolean strict,
            ProgressTracker tracker)
            throws StandpipeException {
        PipeHolderScan scan = new PipeHolderScan();
        Map<PipeId, Integer> objrefs = new HashMap<>();
        for (OpenPipe pipe : polled.keySet()) {
            objrefs.put(pipe.addTo(scan), pipe.objref());
        }
        exclude(scan, processes, own);
        try {
            PipeHolderScan.Result found = scan.run();
            found.holders().forEach(holder -> tracker.decided(describe(holder) + " too"));
            if (strict && !found.holders().isEmpty()) {
                throw refusal(found.holders().get(0));
            }
            List<String> notes = strict && !polled.isEmpty()
                    ? refuseHidden(polled, found.inaccessibleProcesses())
                    : BlindSpots.hidden().stream().map(spot -> "not looked at, and may hold ends too: " + spot).toList();
            return new Leaks(ends(objrefs, found.holders()), found.inaccessibleProcesses(), notes);
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
            scan.exclude(Task.pid(process), saved);
        }
    }

    private static String describe(PipeHolderScan.Holder holder) {
        String end = List.of("the read end is", "the write end is", "both ends are").get(holder.accessMode());
        return "pipe " + Long.toUnsignedString(holder.pipe().ino()) + ": " + end + " held by " + holder.describe();
    }

    private static StandpipeException refusal(PipeHolderScan.Holder holder) {
        return new StandpipeException(describe(holder) + ", which is not to be saved (--strict)");
    }

    /**
     * Throws if a pipe has an end whose holder the search has not seen: poll knows it of an end that is not saved, and nobody of one
     * that is.
     *
     * @return what nobody can rule out
     */
    private static List<String> refuseHidden(Map<OpenPipe, Image.ExternalEnds> polled, int inaccessible) throws IOException {
        BlindSpots blind = BlindSpots.of(inaccessible);
        for (Map.Entry<OpenPipe, Image.ExternalEnds> pipe : polled.entrySet()) {
            Image.ExternalEnds external = pipe.getValue();
            if (external.read() || external.write()) {
                throw new StandpipeException("pipe " + Long.toUnsignedString(pipe.getKey().inode().ino()) + ": the "
                        + (external.read() ? "read" : "write") + " end is not to be saved, and is held by somebody who was not"
                        + " found, as poll on the other end shows (--strict); not looked at were "
                        + (blind.isEmpty() ? "queues of sockets, where descriptors may be in flight" : blind)
                        + (blind.isCurable() ? "; root sees more" : ""));
            }
        }
        if (blind.isCurable()) {
            throw new UnavailableException("whether others hold an end too is not known (--strict), since these were not looked"
                    + " at: " + blind + "; run as root, or with CAP_SYS_PTRACE, or without --strict", null);
        }
        return blind.isEmpty() ? List.of() : List.of("not looked at, and not ruled out as holders (--strict): " + blind);
    }

    private static Map<Integer, Image.ExternalEnds> ends(Map<PipeId, Integer> objrefs, List<PipeHolderScan.Holder> holders) {
        Map<Integer, Image.ExternalEnds> ends = new HashMap<>();
        objrefs.values().forEach(objref -> ends.put(objref, new Image.ExternalEnds(true, false, false)));
        for (PipeHolderScan.Holder holder : holders) {
            Image.ExternalEnds held = new Image.ExternalEnds(
                    true, holder.accessMode() != Flags.O_WRONLY, holder.accessMode() != Flags.O_RDONLY);
            ends.merge(objrefs.get(holder.pipe()), held, Leaks::both);
        }
        return ends;
    }

    /** Returns the ends that either knows of. */
    static Image.ExternalEnds both(Image.ExternalEnds one, Image.ExternalEnds other) {
        return new Image.ExternalEnds(
                one.lookedFor() || other.lookedFor(), one.read() || other.read(), one.write() || other.write());
    }
}
