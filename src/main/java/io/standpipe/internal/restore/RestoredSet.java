// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.restore;

import io.standpipe.Image;
import io.standpipe.StandpipeException;
import io.standpipe.internal.format.Task;
import io.standpipe.pipe.Fd;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a restore made: the fds of every saved process, and the deviations. Closing it closes all fds still open. */
public final class RestoredSet implements AutoCloseable {

    private final List<RestoredProcess> processes = new ArrayList<>();
    private final Deviations deviations;

    RestoredSet(List<Image.Process> saved, Replacements replacements, Deviations deviations) {
        this.deviations = deviations;
        saved.forEach(process -> processes.add(new RestoredProcess(process, new TreeMap<>(), replacements.of(process))));
    }

    /** Returns the processes with their fds, in the order in which they were saved. */
    List<RestoredProcess> processes() {
        return processes;
    }

    /** Returns the only process. */
    public RestoredProcess single() {
        return processes.get(0);
    }

    /** Returns the processes with their fds, by saved pid. */
    public SortedMap<Integer, RestoredProcess> byPid() {
        SortedMap<Integer, RestoredProcess> byPid = new TreeMap<>();
        processes.forEach(process -> byPid.put(Task.pid(process.saved()), process));
        return byPid;
    }

    /**
     * Restores who gets signals: last, since whatever happens to a pipe may send one.
     *
     * @param mapping what took the place of the saved processes
     */
    public void restoreSignals(PidMapping mapping) throws StandpipeException {
        SignalOwners owners = new SignalOwners(mapping, deviations);
        Set<Integer> done = new HashSet<>();
        for (RestoredProcess process : processes) {
            for (Image.Descriptor descriptor : process.saved().table().descriptors()) {
                Image.Description description = descriptor.description();
                Fd fd = process.fds().get(descriptor.fd());
                if (fd != null && SignalOwners.hasSignals(description) && done.add(description.objref())) {
                    owners.restore(fd, descriptor.fd(), description);
                }
            }
        }
    }

    /** Adds what differs in what surrounds the restored fds, a sentence each. */
    public void addDeviations(List<String> sentences) {
        sentences.forEach(deviations::add);
    }

    /** Returns what differs from what was saved, a sentence each. */
    public List<String> deviations() {
        return deviations.all();
    }

    /** Closes the fds here and leaves their descriptions as they are, after commands or old fds have taken a duplicate of each. */
    public void closeAfterHandover() {
        processes.forEach(process -> Fd.closeAll(process.fds().values()));
    }

    /** Closes every fd that is still open; closing sends no signal to this process. */
    @Override
    public void close() {
        processes.forEach(RestoredProcess::close);
    }
}
