// SPDX-License-Identifier: Apache-2.0
package io.standpipe.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the figures of a run should be, beside what they are, and what stands in the way. */
final class Targets {

    private static final String TMPFS = "tmpfs";
    private static final String FLOOR = "C floor";
    private static final String ASKED = "Flags, owners of signals and who shares what are asked for, a system call each.";
    private static final String PROBED = ASKED + " Looking for packets reads every byte.";
    private static final String HEAP = "A pipe, two descriptions and two fds are objects; numbers are keys of maps.";
    private static final String RECORDS = "Records are read and checked before the first pipe is made.";

    /**
     * One target.
     *
     * @param atMost whether the figure is not to be larger than the bar; else it is not to be smaller
     * @param found what it is, if it was measured
     * @param rest what else is in the figure
     */
    record Target(String work, double bar, boolean atMost, Optional<Double> found, String rest) {

        boolean isReached() {
            return found.isPresent() && (atMost ? found.get() <= bar : found.get() >= bar);
        }
    }

    private final Measured measured;
    private final List<Target> targets = new ArrayList<>();

    private Targets(Measured measured) {
        this.measured = measured;
    }

    static List<Target> of(Measured measured) {
        Targets all = new Targets(measured);
        all.besideTheFloor();
        all.besideCriu();
        all.growth();
        return all.targets;
    }

    private void besideTheFloor() {
        checkpoint("100x64KiB", 1.1, 1.5, PROBED);
        checkpoint("64x1MiB", 1.1, 1.5, PROBED);
        onTmpfs("1000x4KiB", 2, PROBED);
        onTmpfs("1000xempty", 4, ASKED);
        stream("100x64KiB", 1.5);
        stream("64x1MiB", 1.3);
        stream("1000x4KiB", 2);
        restore("100x64KiB", 1.3);
        restore("1000x4KiB", 1.6);
        restore("1x64KiB", 2);
        add("another process, 1x64KiB", 3.5, true, measured.find(OtherProcess.PROCESS, "1x64KiB", FLOOR).map(Measured.Pair::firstRatio),
                "A third is the freeze, by a process of its own; the rest are [questions](../TRIED.md#what-limits-a-checkpoint).");
        measured.cost(Images.CHECKPOINT, "1000xempty").ifPresent(cost -> add(
                "bytes of the heap for a pipe saved", Costs.HEAP_TARGET_BYTES, true, Optional.of(cost.heapBytesPerPipe()), HEAP));
        measured.cost(Images.RESTORE, "1000xempty").ifPresent(cost -> add(
                "bytes of the heap for a pipe restored", Costs.HEAP_TARGET_BYTES, true, Optional.of(cost.heapBytesPerPipe()), HEAP));
    }

    private void checkpoint(String set, double onDisk, double inMemory, String rest) {
        Optional<Measured.Pair> first = measured.find(Images.CHECKPOINT, set, FLOOR);
        add("checkpoint, " + set + ", " + first.map(pair -> pair.first().where()).orElse("disk"), onDisk, true,
                first.map(Measured.Pair::firstRatio), rest);
        onTmpfs(set, inMemory, rest);
    }

    private void onTmpfs(String set, double bar, String rest) {
        add("checkpoint, " + set + ", " + TMPFS, bar, true,
                measured.find(Images.CHECKPOINT, set, TMPFS, FLOOR).map(Measured.Pair::firstRatio), rest);
    }

    private void stream(String set, double bar) {
        add("stream, " + set, bar, true, measured.find(Streams.STREAM, set, FLOOR).map(Measured.Pair::firstRatio), PROBED);
    }

    private void restore(String set, double bar) {
        add("restore, " + set, bar, true, measured.find(Images.RESTORE, set, FLOOR).map(Measured.Pair::firstRatio), RECORDS);
    }

    private void besideCriu() {
        for (String set : BesideCriu.SETS) {
            Optional<Measured.Pair> unsynced = measured.find(BesideCriu.DUMP, set, BesideCriu.NO_SYNC);
            if (!set.equals(BesideCriu.ONE_EMPTY) && unsynced.isPresent()) {
                add("CRIU's part for pipes beside Standpipe, neither synced, " + set, 1.5, false,
                        measured.criuForPipes(set).map(nanos -> nanos / unsynced.get().other().medianNanos()),
                        "Of 36 calls a pipe, six read fdinfo and six make a clone.");
            }
        }
        for (String set : FrozenWindow.SETS) {
            Optional<Measured.Pair> window = measured.find(FrozenWindow.WINDOW, set, Criu.NAME);
            window.ifPresent(pair -> add(
                    "frozen by CRIU beside Standpipe, " + set, 20, false, Optional.of(pair.other().ratio()), "CRIU saves all of the process meanwhile."));
        }
    }

    private void growth() {
        for (String benchmark : List.of(Growth.PIPES, Growth.PROCESSES)) {
            List<Result> results = measured.results().stream().filter(each -> each.benchmark().equals(benchmark)).toList();
            if (results.size() > 1) {
                Result last = results.get(results.size() - 1);
                add("each of " + last.contender() + " beside each of " + results.get(0).contender(), 1.2, true, Optional.of(last.ratio()), "");
            }
        }
    }

    private void add(String work, double bar, boolean atMost, Optional<Double> found, String rest) {
        targets.add(new Target(work, bar, atMost, found, rest));
    }
}
