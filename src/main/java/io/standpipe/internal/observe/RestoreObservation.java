// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.observe;

import io.standpipe.Image;
import io.standpipe.InPlaceReport;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Observes one restore from its begin to its end: counts it, and records it where the flight recorder is in use. */
public final class RestoreObservation {

    private final String target;
    private final @Nullable RestoreEvent event = FlightEvents.restore();
    private int pipes;
    private long payloadBytes;

    /**
     * Begins to observe a restore.
     *
     * @param target where the pipes are to be
     */
    public RestoreObservation(String target) {
        this.target = target;
    }

    /** Notes what the restore is from, once that is open. */
    public void from(Object source) {
        if (event != null) {
            event.source = source.toString();
        }
    }

    /** Notes which processes were saved. */
    public void saved(List<Image.Process> processes) {
        if (event != null) {
            event.pids = Text.ofPids(processes.stream().map(Image.Process::pid).toList());
        }
    }

    /** Notes what was made of the saved pipes. */
    public void made(int pipes, int descriptors, long payloadBytes, int deviations) {
        this.pipes = pipes;
        this.payloadBytes = payloadBytes;
        if (event != null) {
            event.descriptors = descriptors;
            event.deviations = deviations;
        }
    }

    /** Notes which commands have the pipes. */
    public void started(Iterable<Integer> pids, int deviations) {
        if (event != null) {
            event.deviations = deviations;
            event.startedPids = Text.ofPids(pids);
        }
    }

    /** Notes what a restore in place came to. */
    public void placed(InPlaceReport report) {
        if (event != null) {
            event.keptDescriptors = report.kept().size();
            event.deviations = report.deviations().size();
        }
    }

    /** Ends the observation. */
    public void succeeded() {
        Counters.ofThisLibrary().restored(pipes, payloadBytes);
        if (event != null && event.shouldCommit()) {
            event.target = target;
            event.pipes = pipes;
            event.payloadBytes = payloadBytes;
            event.success = true;
            FlightEvents.commit(event);
        }
    }

    /** Ends the observation of a restore that threw an exception: whatever it had made is gone. */
    public void failed(Throwable e) {
        Counters.ofThisLibrary().restoreFailed();
        if (event != null && event.shouldCommit()) {
            event.target = target;
            event.descriptors = 0;
            event.startedPids = null;
            event.failure = Text.ofFailure(e);
            FlightEvents.commit(event);
        }
    }
}
