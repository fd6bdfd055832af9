// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.checkpoint;

import io.standpipe.CheckpointReport;
import io.standpipe.Image;
import io.standpipe.StandpipeException;
import io.standpipe.internal.pipes.SlotProbe;
import io.standpipe.internal.store.PayloadSource;
import io.standpipe.internal.store.ProgressTracker;
import io.standpipe.pipe.Fd;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The pipes of processes as they were at one instant, in clones that this process holds. Safe for use by several threads, but for
 * {@link #close()}, after which nothing may be asked of it.
 */
public final class CapturedPipes implements AutoCloseable {

    private final List<Image.Process> processes;
    private final Map<Integer, CapturedPipe> pipes;
    private final Duration frozen;
    private final Leaks leaks;
    private @Nullable Map<Integer, Image.Pipe> described;

    private CapturedPipes(
            List<Image.Process> processes, Map<Integer, CapturedPipe> pipes, Duration frozen, Leaks leaks) {
        this.processes = processes;
        this.pipes = pipes;
        this.frozen = frozen;
        this.leaks = leaks;
    }

    /** @param frozen how long the processes were frozen */
    static CapturedPipes of(List<Image.Process> processes, List<CapturedPipe> pipes, Duration frozen) {
        Map<Integer, CapturedPipe> byObjref = new LinkedHashMap<>();
        pipes.forEach(pipe -> byObjref.put(pipe.pipe().objref(), pipe));
        return new CapturedPipes(processes, byObjref, frozen, Leaks.UNKNOWN);
    }

    /** Searches for holders outside the checkpoint; returns the same pipes, which know of them. */
    CapturedPipes lookingForOthers(boolean strict) throws StandpipeException {
        List<OpenPipe> sources = pipes.values().stream().map(CapturedPipe::pipe).toList();
        return new CapturedPipes(processes, pipes, frozen, LeakCheck.find(processes, sources, clones(), strict));
    }

    List<Image.Process> processes() {
        return processes;
    }

    Map<Integer, CapturedPipe> pipes() {
        return pipes;
    }

    /** Returns the pipe with an objref. */
    CapturedPipe pipe(int objref) {
        return Objects.requireNonNull(pipes.get(objref));
    }

    Leaks leaks() {
        return leaks;
    }

    /** Returns how long the processes were frozen; zero if they were not. */
    public Duration frozen() {
        return frozen;
    }

    /** Returns how many pipes there are. */
    public int count() {
        return pipes.size();
    }

    /** Writes an image to a file. */
    public CheckpointReport writeTo(Path image, ProgressTracker tracker) throws StandpipeException {
        return saver(tracker).toFile(image);
    }

    /** Writes an image to an fd of this process, which stays open. */
    public CheckpointReport streamTo(int fd, ProgressTracker tracker) throws StandpipeException {
        return saver(tracker).toStream(fd);
    }

    private ImageSaver saver(ProgressTracker tracker) {
        return new ImageSaver(
                processes, () -> new CapturedContents(this), leaks.inaccessibleProcesses(), () -> frozen, tracker);
    }

    /** Opens the pipes to be restored, without an image in between. */
    public PayloadSource open() throws StandpipeException {
        return new SnapshotSource(this, describe());
    }

    /** Describes all pipes, once: how their bytes lie in slots takes some finding out. */
    private synchronized Map<Integer, Image.Pipe> describe() throws StandpipeException {
        if (described == null) {
            Map<Integer, Image.Pipe> found = new LinkedHashMap<>();
            try (SlotProbe probe = new SlotProbe()) {
                for (CapturedPipe pipe : pipes.values()) {
                    int clone = pipe.heldClone() == null ? -1 : pipe.heldClone().number();
                    found.put(pipe.pipe().objref(), pipe.describe(clone, probe, leaks));
                }
            }
            described = found;
        }
        return described;
    }

    @Override
    public void close() {
        Fd.closeAll(clones());
    }

    private List<Fd> clones() {
        List<Fd> clones = new ArrayList<>();
        for (CapturedPipe pipe : pipes.values()) {
            if (pipe.heldClone() != null) {
                clones.add(pipe.heldClone());
            }
        }
        return clones;
    }
}
