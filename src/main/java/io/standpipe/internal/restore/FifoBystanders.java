// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.restore;

import io.standpipe.Image;
import io.standpipe.StandpipeException;
import io.standpipe.internal.proc.FifoOpeners;
import io.standpipe.internal.proc.PipeHolderScan;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.ProcessCalls;
import java.io.IOException;
import java.util.stream.Collectors;

/**
 * Processes that are not restored and use a FIFO that is. An end of which none is restored has to be there for a moment: no write
 * end can be opened without a reader, and nothing be put in without a writer. Who waits in open for that end would be let through,
 * and then die of SIGPIPE, or read the end of a stream that has not begun.
 */
final class FifoBystanders {

    private FifoBystanders() {}

    /** Throws if somebody waits for an end that will be there for a moment, and reports who else has the FIFO open. */
    static void check(FifoLocation location, byte[] path, FifoEnds ends, Image.Pipe pipe, Deviations deviations)
            throws StandpipeException {
        boolean momentaryWriter = !ends.writer() && ends.needsWriter(pipe);
        if (location.isNew() || ends.reader() && !momentaryWriter) {
            return;
        }
        String end = ends.reader() ? "writer" : "reader";
        try {
            for (FifoOpeners.Opener opener : FifoOpeners.of(location.id())) {
                if ((opener.accessMode() == Flags.O_RDONLY) == ends.reader()) {
                    throw new StandpipeException(location + ": process " + opener.pid() + " waits in open until it has a " + end
                            + ", and none is restored; as one has to be there for a moment, the process would be let through, and "
                            + (ends.reader() ? "read the end" : "get SIGPIPE") + "; restore when it does not wait");
                }
            }
            PipeHolderScan scan = new PipeHolderScan();
            scan.wantFifo(location.id(), path);
            int own = ProcessCalls.pid();
            String holders = scan.run().holders().stream()
                    .filter(holder -> holder.pid() != own)
                    .map(PipeHolderScan.Holder::describe)
                    .collect(Collectors.joining("; "));
            if (!holders.isEmpty()) {
                deviations.add(location + ": had a " + end + " for a moment, though it has none now, which those who have it open may"
                        + " have seen: " + holders);
            }
        } catch (IOException e) {
            throw Failures.of(location + ": who uses it", e);
        }
    }
}
