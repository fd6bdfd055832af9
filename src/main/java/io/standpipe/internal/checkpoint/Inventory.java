// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.checkpoint;

import io.standpipe.Image;
import io.standpipe.StandpipeException;
import io.standpipe.internal.checkpoint.FoundTable.FoundFd;
import io.standpipe.internal.proc.PipeId;
import io.standpipe.internal.sys.FdCalls;
import io.standpipe.internal.sys.Stat;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** What was found of processes: their tables, and the open pipes behind these. Closing it closes all duplicated fds. */
final class Inventory implements AutoCloseable {

    /** A process; two of them may share one table. */
    record FoundProcess(Image.Task task, FoundTable table) {}

    private final List<FoundProcess> found;
    private final Map<Integer, OpenPipe> pipes;

    /** @param pipes by objref, in the order in which they were met */
    Inventory(List<FoundProcess> found, Map<Integer, OpenPipe> pipes) {
        this.found = found;
        this.pipes = pipes;
    }

    /** Returns the pipes, in the order in which they were met. */
    Collection<OpenPipe> pipes() {
        return pipes.values();
    }

    /** Returns the pipe with an objref. */
    OpenPipe pipe(int objref) {
        return Objects.requireNonNull(pipes.get(objref));
    }

    /** Returns the processes as the image has them, in the order in which they were collected. */
    List<Image.Process> processes() {
        Map<OpenDescription, Image.Description> descriptions = new IdentityHashMap<>();
        Map<FoundTable, Image.Table> tables = new IdentityHashMap<>();
        List<Image.Process> processes = new ArrayList<>(found.size());
        for (FoundProcess process : found) {
            Image.Table table = tables.get(process.table());
            if (table == null) {
                table = describe(process.table(), descriptions);
                tables.put(process.table(), table);
            }
            processes.add(new Image.Process(process.task(), table));
        }
        return processes;
    }

    private static Image.Table describe(FoundTable table, Map<OpenDescription, Image.Description> descriptions) {
        List<Image.Descriptor> descriptors = new ArrayList<>(table.pipes().size());
        for (FoundFd fd : table.pipes()) {
            descriptors.add(new Image.Descriptor(
                    fd.fd(), fd.closeOnExec(),
                    descriptions.computeIfAbsent(fd.description(), OpenDescription::describe)));
        }
        return new Image.Table(table.objref(), descriptors);
    }

    /** Returns which pipe is behind each fd that was found, of whatever process. */
    Map<Integer, PipeId> pipesByFd() {
        Map<Integer, PipeId> pipesByFd = new TreeMap<>();
        for (FoundProcess process : found) {
            for (FoundFd fd : process.table().pipes()) {
                Image.Inode inode = fd.description().pipe().inode();
                pipesByFd.put(fd.fd(), new PipeId(inode.dev(), inode.ino()));
            }
        }
        return pipesByFd;
    }

    /** Returns whether the processes have the fds that were found, and no others. */
    boolean isUnchanged(List<? extends DescriptorSource> sources) throws StandpipeException {
        if (sources.size() != found.size()) {
            return false;
        }
        try {
            for (int i = 0; i < sources.size(); i++) {
                if (!isUnchanged(sources.get(i), found.get(i).table())) {
                    return false;
                }
            }
            return true;
        } catch (StandpipeException e) {
            throw e;
        } catch (IOException e) {
            return false; // Collecting anew finds out what went wrong.
        }
    }

    private static boolean isUnchanged(DescriptorSource source, FoundTable table) throws IOException {
        if (source.count() != table.size()) {
            return false;
        }
        for (FoundFd fd : table.pipes()) {
            if (!source.isStill(fd.fd(), fd.description().duplicate()) || hasOtherFlags(fd.description())) {
                return false;
            }
        }
        for (int fd : table.others()) {
            try (Fd copy = source.copy(fd)) {
                if (Stat.of(copy.number()).isFifo()) {
                    return false;
                }
            }
        }
        return true;
    }

    private static boolean hasOtherFlags(OpenDescription description) throws ErrnoException {
        return FdCalls.statusFlags(description.duplicate().number()) != description.flags();
    }

    /** Closes all fds that this process has open on the pipes; closing it twice does no harm. */
    @Override
    public void close() {
        List<Fd> ends = new ArrayList<>();
        pipes.values().forEach(pipe -> pipe.addEnds(ends));
        Fd.closeAll(ends);
    }
}
