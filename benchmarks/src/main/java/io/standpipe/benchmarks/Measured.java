// SPDX-License-Identifier: Apache-2.0
package io.standpipe.benchmarks;

import java.util.List;
import java.util.Optional;

/** All results of one run, to be looked up. What was not measured is empty. */
record Measured(List<Result> results, List<Costs.Cost> costs) {

    /** The times of one contender in a comparison, and of the first one. */
    record Pair(Result first, Result other) {

        /** How many times as long the first one takes. */
        double firstRatio() {
            return 1 / other.ratio();
        }
    }

    /** Returns the results of a benchmark with a set, in the order of the contenders, of the first place where it was measured. */
    private List<Result> of(String benchmark, String set) {
        List<Result> found = results.stream().filter(each -> each.benchmark().equals(benchmark) && each.set().equals(set)).toList();
        return found.stream().filter(each -> each.where().equals(found.get(0).where())).toList();
    }

    /** Returns what a contender took whose name begins so, on the first file system where it was measured. */
    Optional<Pair> find(String benchmark, String set, String contender) {
        return pair(of(benchmark, set), contender);
    }

    /** Returns what a contender took whose name begins so, on a file system. */
    Optional<Pair> find(String benchmark, String set, String where, String contender) {
        return pair(results.stream()
                .filter(each -> each.benchmark().equals(benchmark) && each.set().equals(set) && each.where().equals(where))
                .toList(), contender);
    }

    private static Optional<Pair> pair(List<Result> compared, String contender) {
        return compared.stream()
                .filter(each -> each.contender().startsWith(contender))
                .findFirst()
                .map(found -> new Pair(compared.get(0), found));
    }

    Optional<Costs.Cost> cost(String work, String set) {
        return costs.stream().filter(each -> each.work().equals(work) && each.set().equals(set)).findFirst();
    }

    /**
     * Returns how many nanoseconds CRIU takes for the pipes of a process alone: what it takes for the process, less what it takes for
     * one with a single empty pipe.
     */
    Optional<Double> criuForPipes(String set) {
        Optional<Pair> all = find(BesideCriu.DUMP, set, Criu.NAME);
        Optional<Pair> rest = find(BesideCriu.DUMP, set, BesideCriu.OF_ONE_EMPTY);
        return all.isPresent() && rest.isPresent()
                ? Optional.of(all.get().other().medianNanos() - rest.get().other().medianNanos())
                : Optional.empty();
    }
}
