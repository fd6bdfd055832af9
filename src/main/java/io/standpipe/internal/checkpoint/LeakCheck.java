// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.checkpoint;

import io.standpipe.StandpipeException;
import io.standpipe.internal.format.PipeStateRecord;
import io.standpipe.internal.proc.PipeHolderScan;
import io.standpipe.internal.proc.PipeId;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.ProcessCalls;




import java.io.IOException;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds ends that are held outside of what is saved, by looking who else holds the pipes: the series' leak detection
 * ("c/r" v18 31/80). Descriptors that this process made while looking do not count.
 */
public final class LeakCheck {

    private final DescriptorCollector collected;
    private final boolean strict;
    private final Map<PipeId, SavedPipe> pipes = new HashMap<>();
    private PipeHolderScan.Holder first;

    private LeakCheck(DescriptorCollector collected, boolean strict) {
        this.collected = collected;
        this.strict = strict;
    }

    /**
     * Notes what there is with the pipes, and with what was collected how many processes could not be looked at.
     *
     * @param strict whether to refuse when there is one
     */
    public static void find(DescriptorCollector collected, boolean strict) throws StandpipeException {
        LeakCheck outside = new LeakCheck(collected, strict);
        try {
            outside.find();
        } catch (StandpipeException e) {
            throw e;
        } catch (IOException e) {
            throw new StandpipeException("cannot look who else holds the pipes: " + e, e);
        }
    }

    private void find() throws IOException {
        PipeHolderScan holders = new PipeHolderScan(this::note);
        BitSet own = new BitSet();
        for (SavedPipe pipe : collected.pipes()) {
            pipes.put(new PipeId(pipe.dev(), pipe.ino()), pipe);
            holders.want(pipe.link(), pipe.ino());
            pipe.addOutside(PipeStateRecord.OUTSIDE_LOOKED_FOR);
            pipe.forEachOpen(own::set);
        }
        holders.exclude(ProcessCalls.pid(), own);
        for (SavedProcess process : collected.processes()) {
            BitSet saved = new BitSet();
            process.table().descriptors().forEach(descriptor -> saved.set(descriptor.number()));
            holders.exclude(process.task().pid(), saved);
        }
        collected.setUnseenProcesses(holders.find());
        if (strict && first != null) {
            String end = List.of("the read end", "the write end", "both ends").get(first.accessMode());
            throw new StandpipeException("pipe " + Long.toUnsignedString(first.ino()) + ": " + end + " is held by process "
                    + first.pid() + ", descriptor " + first.fd() + ", which is not to be saved (--strict)");
        }
    }

    private void note(PipeHolderScan.Holder holder) {
        SavedPipe pipe = pipes.get(new PipeId(holder.dev(), holder.ino()));
        if (pipe == null) {
            return;
        }
        pipe.addOutside(
                (holder.accessMode() == Flags.O_WRONLY ? 0 : PipeStateRecord.OUTSIDE_READ_END)
                        | (holder.accessMode() == Flags.O_RDONLY ? 0 : PipeStateRecord.OUTSIDE_WRITE_END));
        if (first == null) {
            first = holder;
        }
    }
}
