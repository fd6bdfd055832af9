// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.inplace;

import io.standpipe.Image;
import io.standpipe.InPlaceReport;
import io.standpipe.StandpipeException;
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

/** Decides which pipes of an image get a new pipe at their numbers, and which stay as they are; then has it done. */
public final class InPlaceRestore {

    private final RestoreOperation operation;
    private final PayloadSource source;
    private final TrackedFds places;
    private final boolean cuttingOff;
    private final BitSet ours = new BitSet();
    private final List<String> closedSince = new ArrayList<>();

    public InPlaceRestore(RestoreOperation operation, TrackedFds places, boolean cuttingOff) {
        this.operation = operation;
        source = operation.source();
        this.places = places;
        this.cuttingOff = cuttingOff;
    }

    /** @param claimed the numbers that Java objects have still, of those that the caller gave; null for all of the image */
    public InPlaceReport restore(Image.Process whole, @Nullable Set<Integer> claimed) throws StandpipeException {
        try {
            Image.Process saved = claimed == null ? whole : claimed(whole, claimed);
            look(saved);
            Set<Integer> kept = kept(saved);
            List<Image.Descriptor> replaced = saved.table().descriptors().stream()
                    .filter(descriptor -> !kept.contains(descriptor.description().pipeObjref()))
                    .toList();
            List<String> deviations = new ArrayList<>(closedSince);
            if (!replaced.isEmpty()) {
                deviations.addAll(replace(saved, replaced));
            }
            places.setRestored();
            return report(saved, replaced, kept, deviations);
        } catch (StandpipeException e) {
            throw e;
        } catch (ErrnoException e) {
            throw Failures.of("a restore in place", e);
        } catch (IOException e) {
            throw new StandpipeException("a restore in place: " + e, e);
        }
    }

    /** What a Java object has closed is nobody's to close any more, were it opened again. */
    private Image.Process claimed(Image.Process whole, Set<Integer> claimed) throws StandpipeException {
        List<Image.Descriptor> descriptors = new ArrayList<>();
        for (Image.Descriptor descriptor : whole.table().descriptors()) {
            if (places.pipe(descriptor.fd()) == null) {
                throw new StandpipeException(source + ": holds descriptor " + descriptor.fd() + ", which is none of "
                        + places.fds() + ", those of the last checkpoint");
            }
            if (claimed.contains(descriptor.fd())) {
                descriptors.add(descriptor);
            } else {
                closedSince.add("descriptor " + descriptor.fd() + " was closed in Java since the checkpoint");
            }
        }
        return new Image.Process(whole.task(), new Image.Table(whole.table().objref(), descriptors));
    }

    private void look(Image.Process saved) throws StandpipeException, ErrnoException {
        source.freeFdsTo(saved.table().descriptors().stream()
                .mapToInt(Image.Descriptor::fd)
                .max()
                .orElse(0));
        for (Image.Descriptor descriptor : saved.table().descriptors()) {
            int number = descriptor.fd();
            ours.set(number, FdOccupant.settled(number, places.pipe(number)) == FdOccupant.EXPECTED_PIPE);
        }
    }

    /** Pipes that are there, and are somebody else's too. */
    private Set<Integer> kept(Image.Process saved) throws StandpipeException {
        Map<Integer, List<Integer>> numbers = new LinkedHashMap<>();
        for (Image.Descriptor descriptor : saved.table().descriptors()) {
            int pipe = descriptor.description().pipeObjref();
            numbers.computeIfAbsent(pipe, none -> new ArrayList<>(2)).add(descriptor.fd());
        }
        Map<PipeId, List<Integer>> asked = new HashMap<>();
        Set<Integer> kept = new HashSet<>();
        numbers.forEach((pipe, all) -> {
            if (source.pipe(pipe).isFifo() && areAllOurs(all)) {
                kept.add(pipe);
            } else {
                all.stream().filter(ours::get).forEach(number -> asked
                        .computeIfAbsent(places.pipe(number), none -> new ArrayList<>(2))
                        .add(number));
            }
        });
        if (cuttingOff || asked.isEmpty()) {
            return kept;
        }
        Map<PipeId, String> others = ExternalHolders.find(asked);
        if (others.isEmpty()) {
            return kept;
        }
        for (Map.Entry<Integer, List<Integer>> pipe : numbers.entrySet()) {
            for (int number : pipe.getValue()) {
                String other = ours.get(number) ? others.get(places.pipe(number)) : null;
                if (other != null && !areAllOurs(pipe.getValue())) {
                    throw new StandpipeException("descriptor " + number + ": of its pipe other descriptors, of "
                            + pipe.getValue() + ", were closed meanwhile, and " + other
                            + ", which a new pipe would cut off; choose cuttingOffOthers() if that is wanted");
                }
                if (other != null) {
                    kept.add(pipe.getKey());
                }
            }
        }
        return kept;
    }

    private boolean areAllOurs(List<Integer> numbers) {
        return numbers.stream().allMatch(ours::get);
    }

    private List<String> replace(Image.Process saved, List<Image.Descriptor> replaced)
            throws StandpipeException, IOException {
        List<Integer> numbers = replaced.stream().map(Image.Descriptor::fd).toList();
        List<Integer> inUse = numbers.stream().filter(ours::get).toList();
        List<Integer> vacant = numbers.stream().filter(number -> !ours.get(number)).toList();
        Set<Integer> closeOnExec = replaced.stream()
                .filter(Image.Descriptor::closeOnExec)
                .map(Image.Descriptor::fd)
                .collect(Collectors.toSet());
        Image.Process part = new Image.Process(saved.task(), new Image.Table(saved.table().objref(), replaced));
        try (FdReplacement placing = FdReplacement.prepare(vacant, inUse, places);
                RestoredSet restored = operation.restore(List.of(part), PidMapping.thisProcess(List.of(part)))) {
            List<String> deviations = new ArrayList<>(restored.deviations());
            Map<Integer, Integer> made = restored.single().placement();
            Map<Integer, PipeId> placed = pipes(replaced, made);
            deviations.addAll(placing.replace(made, closeOnExec));
            places.note(placed);
            restored.handedOver();
            return deviations;
        }
    }

    /** The pipe that each number gets: asked for at one end only. */
    private Map<Integer, PipeId> pipes(List<Image.Descriptor> descriptors, Map<Integer, Integer> made)
            throws ErrnoException {
        Map<Integer, PipeId> inodes = new HashMap<>();
        Map<Integer, PipeId> pipes = new HashMap<>();
        for (Image.Descriptor descriptor : descriptors) {
            int number = descriptor.fd();
            int pipe = descriptor.description().pipeObjref();
            PipeId inode = inodes.get(pipe);
            if (inode == null) {
                Stat stat = new Stat().read(Objects.requireNonNull(made.get(number)));
                inode = new PipeId(stat.dev(), stat.ino());
                inodes.put(pipe, inode);
            }
            pipes.put(number, inode);
        }
        return pipes;
    }

    private InPlaceReport report(
            Image.Process saved, List<Image.Descriptor> replaced, Set<Integer> kept, List<String> deviations) {
        Set<Integer> restored = new HashSet<>();
        replaced.forEach(descriptor -> restored.add(descriptor.description().pipeObjref()));
        return new InPlaceReport(
                replaced.stream().map(Image.Descriptor::fd).sorted().toList(),
                saved.table().descriptors().stream()
                        .filter(descriptor -> kept.contains(descriptor.description().pipeObjref()))
                        .map(Image.Descriptor::fd)
                        .sorted()
                        .toList(),
                restored.stream().mapToLong(pipe -> source.pipe(pipe).payloadBytes()).sum(),
                deviations);
    }
}
