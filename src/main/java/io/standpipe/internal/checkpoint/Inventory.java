// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.checkpoint;

import io.standpipe.Image;
import io.standpipe.StandpipeException;
import io.standpipe.internal.checkpoint.OpenPipe.OpenDescription;
import io.standpipe.internal.format.Task;
import io.standpipe.internal.proc.PipeId;
import io.standpipe.internal.proc.PipeLock;
import io.standpipe.internal.proc.ProcessEndedException;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.FdCalls;
import io.standpipe.internal.sys.Stat;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * What was found of processes: their tables, and the open pipes behind these. Closing it closes all duplicated fds.
 *
 * @param found in the order in which the processes were collected
 * @param pipesByObjref in the order in which the pipes were met
 * @param notes what of the processes is left out, or saved in another way than might be expected: a sentence each
 */
record Inventory(List<FoundProcess> found, Map<Integer, OpenPipe> pipesByObjref, List<String> notes)
        implements AutoCloseable {

    /**
     * A process; two of them may share one table.
     *
     * @param thread by which the table was reached
     */
    record FoundProcess(Task task, int thread, FoundTable table) {}

    /**
     * A table of fds.
     *
     * @param pipes the fds of pipes that are to be saved
     * @param others the fds that are no pipes
     */
    record FoundTable(int objref, List<FoundFd> pipes, List<Integer> others) {

        FoundTable(int objref) {
            this(objref, new ArrayList<>(), new ArrayList<>());
        }
    }

    /** An fd of a pipe. */
    record FoundFd(int fd, boolean closeOnExec, OpenDescription description) {}

    /** Returns the pipes, in the order in which they were met. */
    Collection<OpenPipe> pipes() {
        return pipesByObjref.values();
    }

    /** Returns what poll says of the ends of each pipe that no description has. */
    Map<OpenPipe, Image.ExternalEnds> pollForExternalEnds() throws StandpipeException {
        Map<OpenPipe, Image.ExternalEnds> polled = new LinkedHashMap<>();
        for (OpenPipe pipe : pipes()) {
            try {
                polled.put(pipe, pipe.pollForExternalEnds());
            } catch (ErrnoException e) {
                throw Failures.of(pipe.toString(), e);
            }
        }
        return polled;
    }

    /** Returns the pipe with an objref. */
    OpenPipe pipe(int objref) {
        return Objects.requireNonNull(pipesByObjref.get(objref));
    }

    /** Returns the processes as the image has them: of threads with a table of their own only those that have a pipe. */
    List<Image.Process> processes(Programs programs) {
        Map<OpenDescription, Image.Description> descriptions = new IdentityHashMap<>(2 * pipesByObjref.size());
        Map<FoundTable, Image.Table> tables = new IdentityHashMap<>();
        List<Image.Process> processes = new ArrayList<>(found.size());
        for (FoundProcess process : found) {
            if (process.task().pid() != process.task().threadGroup() && process.table().pipes().isEmpty()) {
                continue;
            }
            processes.add(process.task().process(
                    programs.of(process.task().threadGroup()),
                    tables.computeIfAbsent(process.table(), table -> describe(table, descriptions))));
        }
        return processes;
    }

    private static Image.Table describe(FoundTable table, Map<OpenDescription, Image.Description> descriptions) {
        List<Image.Descriptor> descriptors = new ArrayList<>(table.pipes().size());
        for (FoundFd fd : table.pipes()) {
            descriptors.add(new Image.Descriptor(
                    fd.fd(), fd.closeOnExec(), descriptions.computeIfAbsent(fd.description(), OpenDescription::describe)));
        }
        return new Image.Table(table.objref(), descriptors, Map.of());
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

    /**
     * Throws if a thread of the processes keeps one of the pipes locked: whoever looks at it waits without end. To be called while they
     * run: a freeze ends the thread's call, and with it the lock.
     */
    void checkNotLocked() throws StandpipeException {
        for (FoundProcess process : found) {
            for (PipeLock lock : PipeLock.of(process.task().threadGroup())) {
                if (process.table().pipes().stream().anyMatch(fd -> fd.fd() == lock.fd())) {
                    throw new StandpipeException(lock.describe());
                }
            }
        }
    }

    /** Returns whether the processes have the fds that were found, and no others. */
    boolean isUnchanged(List<DescriptorSource> sources) throws StandpipeException {
        try {
            boolean unchanged = sources.size() == found.size();
            for (int i = 0; unchanged && i < sources.size(); i++) {
                unchanged = isUnchanged(sources.get(i), found.get(i).table());
            }
            return unchanged;
        } catch (ProcessEndedException e) {
            return false;
        } catch (StandpipeException e) {
            throw e;
        } catch (IOException e) {
            return false; // Collecting anew finds out what went wrong.
        }
    }

    private static boolean isUnchanged(DescriptorSource source, FoundTable table) throws IOException {
        if (source.count() != table.pipes().size() + table.others().size()) {
            return false;
        }
        for (FoundFd fd : table.pipes()) {
            OpenDescription description = fd.description();
            if (!source.isStill(fd.fd(), description.duplicate())
                    || FdCalls.statusFlags(description.duplicate().number()) != description.flags()) {
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

    /** Returns all fds that this process has open on the pipes. */
    List<Fd> ends() {
        List<Fd> ends = new ArrayList<>();
        pipes().forEach(pipe -> pipe.addEnds(ends));
        return ends;
    }

    /** Closes all fds that this process has open on the pipes; closing it twice does no harm. */
    @Override
    public void close() {
        Fd.closeAll(ends());
    }
}
