// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.live;

import io.standpipe.internal.proc.FdTable;
import io.standpipe.internal.proc.PipeHolderScan;
import io.standpipe.internal.proc.PipeId;
import io.standpipe.internal.proc.ProcessStatus;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.ProcessCalls;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The other processes that have a pipe open for reading, as far as this process may look at them. */
final class PipeReaders {

    private static final long LEAST_PAUSE_NANOS = 1_000_000_000;
    /** A scan takes up to a twentieth of the time. */
    private static final int PAUSE_PER_SCAN = 20;

    private final PipeId pipe;
    private final byte[] link;
    private List<PipeHolderScan.Holder> readers = List.of();
    private boolean packetWriter;
    private int inaccessibleProcesses;
    private long nextScanNanos;

    /** @param link of an fd of the pipe, as /proc has it */
    PipeReaders(PipeId pipe, byte[] link) {
        this.pipe = pipe;
        this.link = link;
    }

    /** Finds the readers there are now. */
    void scan() throws IOException {
        long began = System.nanoTime();
        PipeHolderScan scan = new PipeHolderScan();
        scan.want(pipe, link);
        PipeHolderScan.Result found = scan.run();
        int own = ProcessCalls.pid();
        readers = found.holders().stream()
                .filter(holder -> holder.pid() != own && holder.accessMode() != Flags.O_WRONLY)
                .toList();
        inaccessibleProcesses = found.inaccessibleProcesses();
        packetWriter = found.holders().stream().anyMatch(PipeReaders::writesPackets);
        long ended = System.nanoTime();
        nextScanNanos = ended + Math.max(LEAST_PAUSE_NANOS, PAUSE_PER_SCAN * (ended - began));
    }

    /** Finds the readers anew, if that was not done lately. */
    void scanNowAndThen() throws IOException {
        if (System.nanoTime() - nextScanNanos > 0) {
            scan();
        }
    }

    /** Returns the readers that were found last. */
    List<PipeHolderScan.Holder> all() {
        return readers;
    }

    /** Returns how many processes could not be looked at. */
    int inaccessibleProcesses() {
        return inaccessibleProcesses;
    }

    /** Returns whether a process was found whose writes are packets. */
    boolean hasPacketWriter() {
        return packetWriter;
    }

    private static boolean writesPackets(PipeHolderScan.Holder holder) {
        try {
            return holder.accessMode() != Flags.O_RDONLY
                    && !holder.isRing()
                    && (FdTable.flags(holder.thread(), holder.fd()) & Flags.oDirect()) != 0;
        } catch (IOException e) {
            return false; // It has closed the fd, or ended.
        }
    }

    /**
     * Returns a reader that runs: one that is neither stopped nor frozen, and so may read at any moment; null if there is none. A
     * {@link Holder} only holds its ends.
     */
    PipeHolderScan.@Nullable Holder running() throws IOException {
        for (PipeHolderScan.Holder reader : readers) {
            if (runs(reader.pid()) && PipeHolderScan.isStillOpen(reader)) {
                return reader;
            }
        }
        return null;
    }

    private static boolean runs(int pid) throws IOException {
        try {
            return runs(ProcessStatus.of(pid));
        } catch (NoSuchFileException e) {
            return false; // It has ended.
        }
    }

    /** Returns whether a process that has a read end may read at any moment. */
    static boolean runs(ProcessStatus status) {
        return !status.hasEnded() && !status.isStopped() && !status.name().equals(Holder.NAME);
    }
}
