// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.checkpoint;

import io.standpipe.Image;
import io.standpipe.StandpipeException;
import io.standpipe.internal.proc.PipeHolderScan;
import io.standpipe.internal.proc.PipeId;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.ProcessCalls;
import io.standpipe.pipe.Fd;
import java.io.IOException;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Searches all processes for ends that are held outside the checkpoint: the series' leak detection ("c/r" v18 31/80). Fds that this
 * process has open for the checkpoint do not count.
 */
final class LeakCheck {

    private final Map<PipeId, OpenPipe> pipes = new HashMap<>();
    private final Map<Integer, Image.ExternalEnds> ends = new HashMap<>();
    private PipeHolderScan.@Nullable Holder first;

    private LeakCheck() {}

    /**
     * Searches.
     *
     * @param own fds that this process has open for the checkpoint
     * @param strict whether to throw if there is such an end
     */
    static Leaks find(List<Image.Process> processes, Collection<OpenPipe> pipes, Collection<Fd> own, boolean strict)
            throws StandpipeException {
        try {
            return new LeakCheck().search(processes, pipes, own, strict);
        } catch (StandpipeException e) {
            throw e;
        } catch (IOException e) {
            throw new StandpipeException("cannot look who else holds the pipes: " + e, e);
        }
    }

    private Leaks search(List<Image.Process> processes, Collection<OpenPipe> all, Collection<Fd> own, boolean strict)
            throws IOException {
        PipeHolderScan scan = new PipeHolderScan(this::note);
        for (OpenPipe pipe : all) {
            pipes.put(new PipeId(pipe.inode().dev(), pipe.inode().ino()), pipe);
            scan.want(pipe.link(), pipe.inode().ino());
            ends.put(pipe.objref(), new Image.ExternalEnds(true, false, false));
        }
        BitSet open = new BitSet();
        own.stream().filter(Fd::isOpen).forEach(fd -> open.set(fd.number()));
        scan.exclude(ProcessCalls.pid(), open);
        for (Image.Process process : processes) {
            BitSet saved = new BitSet();
            process.table().descriptors().forEach(descriptor -> saved.set(descriptor.fd()));
            scan.exclude(process.pid(), saved);
        }
        int inaccessible = scan.find();
        if (strict && first != null) {
            String end = List.of("the read end", "the write end", "both ends").get(first.accessMode());
            throw new StandpipeException("pipe " + Long.toUnsignedString(first.ino()) + ": " + end + " is held by process "
                    + first.pid() + ", descriptor " + first.fd() + ", which is not to be saved (--strict)");
        }
        return new Leaks(ends, inaccessible);
    }

    private void note(PipeHolderScan.Holder holder) {
        OpenPipe pipe = pipes.get(new PipeId(holder.dev(), holder.ino()));
        if (pipe == null) {
            return;
        }
        Image.ExternalEnds held = new Image.ExternalEnds(
                true, holder.accessMode() != Flags.O_WRONLY, holder.accessMode() != Flags.O_RDONLY);
        ends.merge(pipe.objref(), held, Image.ExternalEnds::and);
        if (first == null) {
            first = holder;
        }
    }
}
