// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.inplace;

import io.standpipe.Image;
import io.standpipe.InPlaceReport;
import io.standpipe.StandpipeException;
import io.standpipe.internal.format.Task;
import io.standpipe.internal.proc.PipeId;
import io.standpipe.internal.restore.PidMapping;
import io.standpipe.internal.restore.RestoreOperation;
import io.standpipe.internal.restore.RestoredSet;
import io.standpipe.internal.store.PayloadSource;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.Stat;
import io.standpipe.pipe.ErrnoException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A restore in place: decides which pipes of an image are replaced by new ones and which are kept, and replaces them. */
public final class InPlaceRestore {

    private final RestoreOperation operation;
    private final PayloadSource source;
    private final TrackedFds tracked;
    private final boolean cuttingOff;

    /** @param cuttingOff whether pipes with external holders are replaced too */
    public InPlaceRestore(RestoreOperation operation, TrackedFds tracked, boolean cuttingOff) throws StandpipeException {
        this.operation = operation;
        source = operation.source();
        this.tracked = tracked;
        this.cuttingOff = cuttingOff;
    }

    /**
     * Restores the pipes of a process, all or none.
     *
     * @param claimed the tracked fds that Java objects still have; null to restore all fds of the process
     */
    public InPlaceReport restore(Image.Process process, @Nullable Set<Integer> claimed) throws StandpipeException {
        List<String> deviations = new ArrayList<>(operation.lostBytes(List.of(process)));
        List<Image.Descriptor> saved = process.table().descriptors();
        try {
            if (claimed != null) {
                saved = claimed(saved, claimed, deviations);
            }
            BitSet present = present(saved);
            Set<Integer> keptPipes = keptPipes(saved, present);
            Map<Boolean, List<Image.Descriptor>> byKept = saved.stream()
                    .collect(Collectors.partitioningBy(fd -> keptPipes.contains(fd.description().pipeObjref())));
            List<Image.Descriptor> replaced = Objects.requireNonNull(byKept.get(false));
            if (!replaced.isEmpty()) {
                deviations.addAll(replace(process, replaced, present));
            }
            tracked.setRestored();
            InPlaceReport report = new InPlaceReport(
                    fds(replaced), fds(Objects.requireNonNull(byKept.get(true))), payloadBytes(replaced), deviations);
            operation.observation().placed(report);
            return report;
        } catch (IOException e) {
            throw Failures.of("a restore in place", e);
        }
    }

    /** Leaves out fds whose Java object was closed: nobody would close such an fd again. */
    private List<Image.Descriptor> claimed(
            List<Image.Descriptor> saved, Set<Integer> claimed, List<String> deviations) throws StandpipeException {
        List<Image.Descriptor> descriptors = new ArrayList<>();
        for (Image.Descriptor descriptor : saved) {
            if (tracked.pipe(descriptor.fd()) == null) {
                throw new StandpipeException(source + ": holds descriptor " + descriptor.fd() + ", which is none of "
                        + tracked.fds() + ", those of the last checkpoint");
            }
            if (claimed.contains(descriptor.fd())) {
                descriptors.add(descriptor);
            } else {
                deviations.add("descriptor " + descriptor.fd() + " was closed in Java since the checkpoint");
            }
        }
        return descriptors;
    }

    /** Returns the fds that still have the pipe that was last there; the others are free. */
    private BitSet present(List<Image.Descriptor> saved) throws StandpipeException, ErrnoException {
        source.freeFdsTo(saved.stream().mapToInt(Image.Descriptor::fd).max().orElse(0));
        BitSet present = new BitSet();
        for (Image.Descriptor descriptor : saved) {
            present.set(descriptor.fd(), tracked.awaitPipeOrVacancy(descriptor.fd()));
        }
        return present;
    }

    /** Returns the objrefs of pipes that are open at all their fds and cannot be replaced: FIFOs, and those held elsewhere. */
    private Set<Integer> keptPipes(List<Image.Descriptor> saved, BitSet present) throws StandpipeException {
        Map<Integer, List<Integer>> fdsByObjref = new LinkedHashMap<>();
        saved.forEach(descriptor -> fdsByObjref
                .computeIfAbsent(descriptor.description().pipeObjref(), none -> new ArrayList<>(2))
                .add(descriptor.fd()));
        Set<Integer> kept = new HashSet<>();
        Map<PipeId, List<Integer>> replaceable = new HashMap<>();
        fdsByObjref.forEach((objref, fds) -> {
            if (source.pipe(objref).isFifo() && fds.stream().allMatch(present::get)) {
                kept.add(objref);
            } else {
                fds.stream().filter(present::get).forEach(fd -> replaceable
                        .computeIfAbsent(tracked.pipe(fd), none -> new ArrayList<>(2))
                        .add(fd));
            }
        });
        Map<PipeId, String> holders = cuttingOff ? Map.of() : ExternalHolders.find(replaceable, operation.limit());
        for (Map.Entry<Integer, List<Integer>> pipe : fdsByObjref.entrySet()) {
            for (int fd : pipe.getValue()) {
                String holder = present.get(fd) ? holders.get(tracked.pipe(fd)) : null;
                if (holder != null && !pipe.getValue().stream().allMatch(present::get)) {
                    throw new StandpipeException("descriptor " + fd + ": of its pipe other descriptors, of "
                            + pipe.getValue() + ", were closed meanwhile, and " + holder
                            + ", which a new pipe would cut off; choose cuttingOffOthers() if that is wanted");
                }
                if (holder != null) {
                    kept.add(pipe.getKey());
                }
            }
        }
        return kept;
    }

    private List<String> replace(Image.Process process, List<Image.Descriptor> replaced, BitSet present)
            throws StandpipeException, IOException {
        List<Integer> vacant = new ArrayList<>();
        List<Integer> inUse = new ArrayList<>();
        Set<Integer> closeOnExec = new HashSet<>();
        for (Image.Descriptor descriptor : replaced) {
            (present.get(descriptor.fd()) ? inUse : vacant).add(descriptor.fd());
            if (descriptor.closeOnExec()) {
                closeOnExec.add(descriptor.fd());
            }
        }
        List<Image.Process> part =
                List.of(Task.with(process, replaced));
        try (FdReplacement replacement = FdReplacement.prepare(vacant, inUse, tracked);
                RestoredSet restored = operation.restore(part, PidMapping.thisProcess(part))) {
            List<String> deviations = new ArrayList<>(restored.deviations());
            Map<Integer, Integer> placement = restored.single().placement();
            Map<Integer, PipeId> newPipes = pipes(replaced, placement);
            deviations.addAll(replacement.replace(placement, closeOnExec));
            tracked.note(newPipes);
            restored.closeAfterHandover();
            return deviations;
        }
    }

    /** Returns the restored pipes by old fd, by one fstat for each pipe. */
    private static Map<Integer, PipeId> pipes(List<Image.Descriptor> replaced, Map<Integer, Integer> placement)
            throws ErrnoException {
        Map<Integer, PipeId> byObjref = new HashMap<>();
        Map<Integer, PipeId> byFd = new HashMap<>();
        for (Image.Descriptor descriptor : replaced) {
            int objref = descriptor.description().pipeObjref();
            PipeId pipe = byObjref.get(objref);
            if (pipe == null) {
                Stat stat = Stat.of(Objects.requireNonNull(placement.get(descriptor.fd())));
                pipe = new PipeId(stat.dev(), stat.ino());
                byObjref.put(objref, pipe);
            }
            byFd.put(descriptor.fd(), pipe);
        }
        return byFd;
    }

    private static List<Integer> fds(List<Image.Descriptor> descriptors) {
        return descriptors.stream().map(Image.Descriptor::fd).sorted().toList();
    }

    private long payloadBytes(List<Image.Descriptor> replaced) {
        return replaced.stream()
                .map(descriptor -> descriptor.description().pipeObjref())
                .distinct()
                .mapToLong(objref -> source.pipe(objref).payloadBytes())
                .sum();
    }
}
