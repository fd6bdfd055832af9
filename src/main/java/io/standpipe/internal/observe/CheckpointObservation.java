// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.observe;

import io.standpipe.CheckpointReport;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Observes one checkpoint from its begin to its end: counts it, and records it where the flight recorder is in use. */
public final class CheckpointObservation {

    private final Object destination;
    private final @Nullable CheckpointEvent event = FlightEvents.checkpoint();

    private CheckpointObservation(Object destination) {
        this.destination = destination;
    }

    /**
     * Begins to observe a checkpoint.
     *
     * @param destination of the image, a {@code Path} or what has a name
     */
    public static CheckpointObservation to(Object destination) {
        return new CheckpointObservation(destination);
    }

    /** Begins to observe a checkpoint without an image. */
    public static CheckpointObservation toSnapshot() {
        return new CheckpointObservation("snapshot");
    }

    /** Ends the observation of a checkpoint that captured pipes and wrote an image of them; returns the report. */
    public CheckpointReport saved(CheckpointReport report) {
        Counters.ofThisLibrary().captured(report);
        Counters.ofThisLibrary().written(report);
        commit(report);
        return report;
    }

    /** Ends the observation of an image that was written of a snapshot. */
    public void written(CheckpointReport report) {
        Counters.ofThisLibrary().written(report);
        commit(report);
    }

    /** Ends the observation of a snapshot that was taken. */
    public void captured(CheckpointReport report) {
        Counters.ofThisLibrary().captured(report);
        commit(report);
    }

    /** Ends the observation of a checkpoint that threw an exception. */
    public void failed(Throwable e) {
        Counters.ofThisLibrary().saveFailed();
        if (event != null && event.shouldCommit()) {
            event.destination = destination();
            event.failure = Text.ofFailure(e);
            FlightEvents.commit(event);
        }
    }

    private void commit(CheckpointReport report) {
        if (event != null && event.shouldCommit()) {
            fill(event, report);
            FlightEvents.commit(event);
        }
    }

    private void fill(CheckpointEvent event, CheckpointReport report) {
        event.destination = destination();
        event.pids = Text.ofPids(report.pids());
        event.pipes = report.pipes();
        event.descriptors = report.descriptors();
        event.payloadBytes = report.payloadBytes();
        event.imageBytes = report.imageBytes();
        event.frozen = report.frozen().toNanos();
        event.writing = report.writing().toNanos();
        event.success = true;
    }

    private String destination() {
        return destination instanceof Path file
                ? file.toAbsolutePath().toString()
                : destination.toString();
    }
}
