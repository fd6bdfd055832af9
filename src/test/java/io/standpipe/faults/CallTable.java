// SPDX-License-Identifier: Apache-2.0
package io.standpipe.faults;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Measured system calls per pipe: a row for each system call, a column for each kind of work. A cell is what many pipes cost beyond
 * what a few cost, divided by how many pipes more there are.
 */
final class CallTable {

    /** Made for each thread that happens to run, whatever the number of pipes. */
    private static final Set<String> FOR_THREADS = Set.of("sigaction", "tgkill");

    private final Map<String, String[]> rows = new TreeMap<>();
    private final int columns;

    CallTable(int columns) {
        this.columns = columns;
    }

    /**
     * Fills a column.
     *
     * @param few calls by name, with fewer pipes
     * @param many calls by name, with more pipes
     * @param pipes how many pipes more
     */
    void add(int column, Map<String, Integer> few, Map<String, Integer> many, int pipes) {
        TreeSet<String> names = new TreeSet<>(few.keySet());
        names.addAll(many.keySet());
        names.removeAll(FOR_THREADS);
        for (String name : names) {
            int difference = many.getOrDefault(name, 0) - few.getOrDefault(name, 0);
            if (difference != 0) {
                rows.computeIfAbsent(name, none -> emptyRow())[column] = perPipe(difference, pipes);
            }
        }
    }

    private String[] emptyRow() {
        String[] row = new String[columns];
        Arrays.fill(row, "-");
        return row;
    }

    /** Returns a fraction where one call writes or reads the records of many pipes. */
    private static String perPipe(int difference, int pipes) {
        return difference % pipes == 0
                ? Integer.toString(difference / pipes)
                : String.format(Locale.ROOT, "%.2f", difference / (double) pipes);
    }

    /** Prints the table, in groups of three columns. */
    void print() {
        print(Set.of());
    }

    /** Prints the table without some rows: calls that have nothing to do with pipes. */
    void print(Set<String> leftOut) {
        rows.keySet().removeAll(leftOut);
        rows.forEach((call, counts) -> {
            StringBuilder row = new StringBuilder(String.format("%-22s%5s", call, counts[0]));
            for (int i = 1; i < counts.length; i++) {
                row.append(String.format(i % 3 == 0 ? "%9s" : "%7s", counts[i]));
            }
            System.out.println(row);
        });
    }
}
