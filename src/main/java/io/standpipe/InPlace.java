// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import io.standpipe.bridge.ErrnoException;
import io.standpipe.image.FileRecord;
import io.standpipe.image.Image;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Decides which pipes of an image get a new pipe at their numbers, and which stay as they are; then has it done. */
final class InPlace {

    private final RestoreSource source;
    private final RestoreOptions options;
    private final Places places;
    private final boolean cuttingOff;
    private final Set<Integer> vacant = new TreeSet<>();
    private final Set<Integer> ours = new TreeSet<>();
    private final List<String> closedSince = new ArrayList<>();

    InPlace(RestoreSource source, RestoreOptions options, Places places, boolean cuttingOff) {
        this.source = source;
        this.options = options;
        this.places = places;
        this.cuttingOff = cuttingOff;
    }

    /** @param claimed the numbers that Java objects have still, of those that the caller gave; null for all of the image */
    InPlaceReport restore(Image.Process whole, Set<Integer> claimed) throws StandpipeException {
        try {
            Image.Process saved = claimed == null ? whole : claimed(whole, claimed);
            look(saved);
            Set<Image.Pipe> kept = kept(saved);
            List<Image.Descriptor> replaced = saved.table().descriptors().stream()
                    .filter(descriptor -> !kept.contains(descriptor.description().pipe()))
                    .toList();
            List<String> deviations = new ArrayList<>(closedSince);
            if (!replaced.isEmpty()) {
                deviations.addAll(replace(saved, replaced));
            }
            places.setFilled();
            return report(saved, replaced, kept, deviations);
        } catch (StandpipeException e) {
            throw e;
        } catch (ErrnoException e) {
            throw Failure.of("a restore in place", e);
        } catch (IOException e) {
            throw new StandpipeException("a restore in place: " + e, e);
        }
    }

    /** What a Java object has closed is nobody's to close any more, were it opened again. */
    private Image.Process claimed(Image.Process whole, Set<Integer> claimed) throws StandpipeException {
        List<Image.Descriptor> descriptors = new ArrayList<>();
        for (Image.Descriptor descriptor : whole.table().descriptors()) {
            if (!places.isNamed(descriptor.number())) {
                throw new StandpipeException(source + ": holds descriptor " + descriptor.number() + ", which is none of "
                        + places.inodes().keySet() + ", those of the last checkpoint");
            }
            if (claimed.contains(descriptor.number())) {
                descriptors.add(descriptor);
            } else {
                closedSince.add("descriptor " + descriptor.number() + " was closed in Java since the checkpoint");
            }
        }
        return new Image.Process(whole.task(), new Image.Table(whole.table().objref(), descriptors));
    }

    private void look(Image.Process saved) throws StandpipeException, ErrnoException {
        source.freeNumbersTo(saved.table().descriptors().stream()
                .mapToInt(Image.Descriptor::number)
                .max()
                .orElse(0));
        for (Image.Descriptor descriptor : saved.table().descriptors()) {
            int number = descriptor.number();
            Occupant.awaitFree(number, () -> Occupant.of(number, places) != Occupant.SOMETHING_ELSE);
            (Occupant.of(number, places) == Occupant.OURS ? ours : vacant).add(number);
        }
    }

    /** Pipes that are there, and are somebody else's too. */
    private Set<Image.Pipe> kept(Image.Process saved) throws StandpipeException {
        Map<Image.Pipe, Set<Integer>> numbers = new IdentityHashMap<>();
        for (Image.Descriptor descriptor : saved.table().descriptors()) {
            numbers.computeIfAbsent(descriptor.description().pipe(), pipe -> new TreeSet<>()).add(descriptor.number());
        }
        Map<PipeInode, Set<Integer>> asked = new HashMap<>();
        Set<Image.Pipe> kept = Collections.newSetFromMap(new IdentityHashMap<>());
        numbers.forEach((pipe, all) -> {
            if (pipe.fileType() == FileRecord.TYPE_FIFO && ours.containsAll(all)) {
                kept.add(pipe);
            } else {
                all.stream().filter(ours::contains).forEach(number -> asked
                        .computeIfAbsent(places.inode(number), none -> new TreeSet<>())
                        .add(number));
            }
        });
        if (cuttingOff || asked.isEmpty()) {
            return kept;
        }
        OtherHolders others = OtherHolders.of(asked);
        for (Map.Entry<Image.Pipe, Set<Integer>> pipe : numbers.entrySet()) {
            for (int number : pipe.getValue()) {
                String other = ours.contains(number) ? others.of(places.inode(number)) : null;
                if (other != null && !ours.containsAll(pipe.getValue())) {
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

    private List<String> replace(Image.Process saved, List<Image.Descriptor> replaced)
            throws StandpipeException, IOException {
        Set<Integer> numbers = new TreeSet<>();
        replaced.forEach(descriptor -> numbers.add(descriptor.number()));
        vacant.retainAll(numbers);
        ours.retainAll(numbers);
        Image.Process part = new Image.Process(saved.task(), new Image.Table(saved.table().objref(), replaced));
        try (Placing placing = Placing.reserve(vacant, ours, places);
                RestoredProcesses restored = Restoring.restore(
                        source, List.of(part), options, SignalTargets.thisProcess(List.of(part)))) {
            List<String> deviations = new ArrayList<>(restored.deviations());
            RestoredPipes pipes = restored.process(part.task().pid());
            Map<Integer, PipeInode> placed = new HashMap<>();
            for (Map.Entry<Integer, Integer> made : pipes.placement().entrySet()) {
                placed.put(made.getKey(), Places.pipe(made.getValue()));
            }
            deviations.addAll(placing.place(replaced, pipes.placement()));
            places.note(placed);
            restored.handedOver();
            return deviations;
        }
    }

    private static InPlaceReport report(
            Image.Process saved, List<Image.Descriptor> replaced, Set<Image.Pipe> kept, List<String> deviations) {
        Set<Image.Pipe> restored = Collections.newSetFromMap(new IdentityHashMap<>());
        replaced.forEach(descriptor -> restored.add(descriptor.description().pipe()));
        return new InPlaceReport(
                replaced.stream().map(Image.Descriptor::number).sorted().toList(),
                saved.table().descriptors().stream()
                        .filter(descriptor -> kept.contains(descriptor.description().pipe()))
                        .map(Image.Descriptor::number)
                        .sorted()
                        .toList(),
                restored.stream().mapToLong(Image.Pipe::payloadBytes).sum(),
                deviations);
    }
}
