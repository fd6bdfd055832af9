// SPDX-License-Identifier: Apache-2.0
package io.standpipe.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a user should know of a run, in ten lines at most. What was not measured has none. */
final class Summary {

    private static final String SET = "100x64KiB";
    private static final String SMALL = "1000x4KiB";
    private static final String JAVA = "plain Java";

    private final Measured measured;
    private final List<ComesBack.Row> comesBack;
    private final List<String> lines = new ArrayList<>();

    private Summary(Measured measured, List<ComesBack.Row> comesBack) {
        this.measured = measured;
        this.comesBack = comesBack;
    }

    static List<String> of(Measured measured, List<ComesBack.Row> comesBack, List<Targets.Target> targets) {
        Summary summary = new Summary(measured, comesBack);
        summary.otherProcess();
        summary.own();
        summary.restore();
        summary.command();
        summary.costs();
        summary.targets(targets);
        return summary.lines;
    }

    private void otherProcess() {
        measured.find(FrozenWindow.WINDOW, SET, Criu.NAME).ifPresentOrElse(
                pair -> add("A process with 100 pipes of 64 KiB is frozen for **%s** while its pipes are saved. %s freezes it %s times as long: it"
                        + " saves all of the process.", time(pair.first()), pair.other().contender(), ratio(pair.other().ratio())),
                () -> measured.find(FrozenWindow.WINDOW, SET, "C floor").ifPresent(
                        pair -> add("A process with 100 pipes of 64 KiB is frozen for **%s** while its pipes are saved.", time(pair.first()))));
        measured.find(BesideCriu.DUMP, SET, Criu.NAME).ifPresent(pair -> add(
                "A JVM that is warm saves these pipes in **%s**, until the image is on the disk. %s, started anew and without a sync, takes %s for the process%s.",
                time(pair.first()), pair.other().contender(), time(pair.other()),
                measured.criuForPipes(SET).map(nanos -> ", and of that " + Numbers.time(nanos) + " for the pipes").orElse("")));
        if (!comesBack.isEmpty()) {
            add("Of %d kinds of pipes that are out of the ordinary, Standpipe restores **%d** as they were, CRIU %d.", comesBack.size(),
                    comesBack.stream().filter(row -> row.standpipe().equals(ComesBack.AS_BEFORE)).count(),
                    comesBack.stream().filter(row -> row.criu().equals(ComesBack.AS_BEFORE)).count());
        }
    }

    private void own() {
        measured.find(Images.CHECKPOINT, SET, JAVA).ifPresent(pair -> add(
                "A JVM saves 100 pipes of 64 KiB of its own in **%s**, synced. Plain Java takes %s times as long, and the pipes are empty meanwhile.",
                time(pair.first()), ratio(pair.other().ratio())));
        measured.find(Images.CHECKPOINT, SMALL, JAVA).ifPresent(pair -> add(
                "**Many small pipes are the weak side**: 1,000 of 4 KiB take %s, %s times as long as plain Java, which saves bytes alone: what is"
                        + " asked of each pipe costs more than its bytes.", time(pair.first()), ratio(pair.firstRatio())));
    }

    private void restore() {
        measured.find(Images.RESTORE, SET, JAVA).ifPresent(pair -> add(
                "To restore 100 pipes of 64 KiB takes **%s**. Plain Java takes %s times as long%s;%s", time(pair.first()),
                ratio(pair.other().ratio()),
                measured.find(Images.RESTORE, SMALL, JAVA).map(small -> ", and for 1,000 of 4 KiB " + ratio(small.other().ratio()) + " times").orElse(""),
                measured.find(Images.RESTORE, SET, "Standpipe, in place").map(place ->
                        " in place of the pipes that a JVM has it takes " + time(place.other()) + ", since it looks who else holds these.").orElse("")));
    }

    private void command() {
        String one = "checkpoint of one pipe";
        measured.find(StartUp.COMMAND, one, "standpipe").ifPresent(pair -> add(
                "The command saves one pipe in **%s**, from its start to its end; Hello World in the same Java takes %s%s.", time(pair.other()), time(pair.first()),
                measured.find(StartUp.COMMAND, one, Criu.NAME).map(criu -> ", and " + criu.other().contender() + ", a C program, " + time(criu.other())
                        + " for the process").orElse("")));
    }

    private void costs() {
        Optional<Costs.Cost> saved = measured.cost(Images.CHECKPOINT, SMALL);
        Optional<Costs.Cost> restored = measured.cost(Images.RESTORE, SMALL);
        if (saved.isPresent() && restored.isPresent()) {
            add("A pipe of the JVM's own with 4 KiB in it costs a checkpoint %.0f system calls and %.0f bytes of the heap, a restore %.0f and %.0f.",
                    saved.get().callsOfPipe(), saved.get().heapBytesPerPipe(), restored.get().callsOfPipe(), restored.get().heapBytesPerPipe());
        }
        String growth = Stream.of(Growth.PIPES, Growth.PROCESSES).map(this::growth).flatMap(Optional::stream).collect(Collectors.joining("; "));
        if (!growth.isEmpty()) {
            add("%s.", growth.substring(0, 1).toUpperCase(Locale.ROOT) + growth.substring(1));
        }
    }

    private Optional<String> growth(String benchmark) {
        List<Result> results = measured.results().stream().filter(result -> result.benchmark().equals(benchmark)).toList();
        if (results.size() < 2) {
            return Optional.empty();
        }
        Result first = results.get(0);
        Result last = results.get(results.size() - 1);
        return Optional.of("to save " + first.contender() + " takes " + time(first) + " for each, " + last.contender() + " " + time(last));
    }

    private void targets(List<Targets.Target> targets) {
        long reached = targets.stream().filter(Targets.Target::isReached).count();
        add("Of %d [targets](#targets) %d are reached.", targets.size(), reached);
    }

    private static String time(Result result) {
        return Numbers.time(result.medianNanos());
    }

    private static String ratio(double ratio) {
        return Numbers.number(ratio);
    }

    private void add(String format, Object... values) {
        lines.add(String.format(Locale.ROOT, format, values));
    }
}
