// SPDX-License-Identifier: Apache-2.0
package io.standpipe.faults;

import io.standpipe.StandpipeException;
import io.standpipe.testkit.Thorough;
import io.standpipe.testkit.WatchedFds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Has every call of an operation fail in every way, one at a time, and looks at what that has done. */
final class FaultRun {

    /** Beyond so many calls of a kind, only the first and the last fail; if thorough, second and middle one too. */
    private static final int MANY = Thorough.rounds(2, 4);

    private static final byte[] OLD_IMAGE = {1, 2, 3};

    private final FaultControl control;
    private final Cast cast;
    private final Path image;
    private final boolean exhaustive;
    private final FaultTable table = new FaultTable();
    private final Messages messages = new Messages();
    private final List<String> failures = new ArrayList<>();
    private final Set<String> natives = new TreeSet<>();
    private int faults;
    private int recovered;

    FaultRun(FaultControl control, Cast cast, Path image, boolean exhaustive) {
        this.control = control;
        this.cast = cast;
        this.image = image;
        this.exhaustive = exhaustive;
    }

    /** Those in which a call has failed. */
    Set<String> natives() {
        return natives;
    }

    int faults() {
        return faults;
    }

    /** How many of the faults an operation has overcome. */
    int recovered() {
        return recovered;
    }

    void run(Operation operation) throws Exception {
        int failed = failures.size();
        control.forgetCounts();
        inject(operation, null);
        if (failures.size() > failed) {
            return;
        }
        Map<String, Integer> counts = control.counts(false);
        Map<String, Integer> countsInChildren = control.counts(true);
        run(operation, counts, false);
        run(operation, countsInChildren, true);
    }

    private void run(Operation operation, Map<String, Integer> counts, boolean inChild) throws Exception {
        for (Map.Entry<String, Integer> count : counts.entrySet()) {
            Set<Integer> which = which(count.getValue());
            for (int with : table.of(count.getKey())) {
                for (int at : which) {
                    inject(operation, new Fault(count.getKey(), at, with, inChild));
                }
                which = exhaustive ? which : Set.of(1); // the first in every way, the others in one
            }
        }
    }

    private Set<Integer> which(int count) {
        Set<Integer> which = new TreeSet<>();
        if (exhaustive || count <= MANY) {
            for (int at = 1; at <= count; at++) {
                which.add(at);
            }
            return which;
        }
        which.addAll(Thorough.isWanted() ? List.of(1, 2, count / 2 + 1, count) : List.of(1, count));
        return which;
    }

    /** @param fault null for none */
    private void inject(Operation operation, Fault fault) throws Exception {
        Files.write(image, OLD_IMAGE);
        Set<String> names = names();
        WatchedFds descriptors = new WatchedFds(operation.renewing());
        Operation.Outcome outcome = null;
        Throwable thrown = null;
        arm(operation, fault);
        try {
            outcome = operation.body().run();
        } catch (Throwable e) {
            thrown = e;
        } finally {
            control.disarm();
        }
        Fault hit = fault != null && control.wasHit() ? fault : null;
        count(hit, thrown);
        note(operation, fault,
                thrown == null ? wrongOutcome(operation, outcome) : wrongFailure(operation, hit, thrown));
        finish(operation, fault);
        note(operation, fault, descriptors.difference());
        note(operation, fault, cast.damage());
        cast.resume();
        lookAtFiles(operation, fault, names, thrown);
    }

    private void arm(Operation operation, Fault fault) {
        control.always(operation.always());
        if (fault != null) {
            control.arm(fault);
        }
    }

    private void count(Fault hit, Throwable thrown) {
        if (hit != null) {
            faults++;
            natives.add(control.hitNative());
            recovered += thrown == null ? 1 : 0;
        }
    }

    private void finish(Operation operation, Fault fault) {
        try {
            operation.after().verify();
        } catch (Throwable e) {
            note(operation, fault, "afterwards: " + e);
        }
    }

    private void lookAtFiles(Operation operation, Fault fault, Set<String> names, Throwable thrown) throws IOException {
        if (thrown != null && !Arrays.equals(OLD_IMAGE, Files.readAllBytes(image)) && !mayStandThere(fault)) {
            note(operation, fault, "the old image is gone");
        }
        if (!names.equals(names())) {
            // What cannot be removed stays, and is told to the log.
            boolean told = fault != null && fault.kind().equals("unlinkat") && !operation.succeeds();
            note(operation, fault, told ? null : "the folder has " + names() + " instead of " + names);
            tidy(names);
        }
    }

    /** The very last step of a checkpoint: the new image has its name already. */
    private static boolean mayStandThere(Fault fault) {
        return fault != null && fault.kind().equals("fsync");
    }

    private String wrongOutcome(Operation operation, Operation.Outcome outcome) {
        try {
            outcome.verify();
            return operation.succeeds() ? null : "it succeeds, though " + operation.always() + " fails";
        } catch (Throwable e) {
            return "other outcome: " + e;
        }
    }

    private String wrongFailure(Operation operation, Fault fault, Throwable thrown) {
        if (!(thrown instanceof StandpipeException)) {
            return "fails with " + thrown;
        }
        if (!operation.succeeds() && messages.tell(operation.always().get(0), thrown)) {
            return null;
        }
        if (fault == null) {
            return "fails without a fault: " + thrown;
        }
        return messages.tell(fault, thrown) ? null : "does not name it: " + thrown.getMessage();
    }

    private void note(Operation operation, Fault fault, String wrong) {
        if (wrong != null) {
            String failure = operation.name() + ": " + (fault == null ? "no fault" : fault) + ": " + wrong;
            failures.add(failure);
            System.out.println("FAILED " + failure);
        }
    }

    private Set<String> names() throws IOException {
        try (Stream<Path> files = Files.list(image.getParent())) {
            return new TreeSet<>(files.map(file -> file.getFileName().toString()).toList());
        }
    }

    private void tidy(Set<String> names) throws IOException {
        for (String name : names()) {
            if (!names.contains(name)) {
                Files.delete(image.resolveSibling(name));
            }
        }
    }
}
