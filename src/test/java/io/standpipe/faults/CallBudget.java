// SPDX-License-Identifier: Apache-2.0
package io.standpipe.faults;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The most system calls that one pipe may cost: a row for each system call, a column for each kind of work. A call that is not in the
 * budget must not be made; fewer calls than in the budget are fine.
 */
final class CallBudget {

    /** Calls that are made once in a while, whatever the number of pipes: of 100 pipes five. */
    private static final double SLACK = 0.05;

    private static final int HEADER_LINES = 2;

    private final Map<String, double[]> most;

    /** @param table two lines of headings, then the rows */
    CallBudget(String table) {
        most = rows(table.lines().skip(HEADER_LINES));
    }

    /** Returns the budget of a kernel that needs more calls. */
    CallBudget plus(String table) {
        CallBudget sum = new CallBudget(table);
        most.forEach((call, counts) -> sum.most.merge(call, counts, (more, usual) -> {
            double[] both = usual.clone();
            Arrays.setAll(both, i -> usual[i] + more[i]);
            return both;
        }));
        return sum;
    }

    /** Returns what exceeds the budget, a sentence each. */
    List<String> excess(Stream<String> measured) {
        List<String> excess = new ArrayList<>();
        rows(measured).forEach((call, counts) -> {
            double[] budget = most.getOrDefault(call, new double[counts.length]);
            for (int i = 0; i < counts.length; i++) {
                if (counts[i] > budget[i] + SLACK) {
                    excess.add(call + ": " + counts[i] + " calls per pipe in column " + (i + 1) + ", at most " + budget[i]);
                }
            }
        });
        return excess;
    }

    /** Names of calls contain single spaces; columns are two or more apart. */
    private static Map<String, double[]> rows(Stream<String> lines) {
        Map<String, double[]> rows = new LinkedHashMap<>();
        lines.map(line -> line.split(" {2,}")).forEach(cells -> rows.put(
                cells[0],
                Stream.of(cells).skip(1).mapToDouble(cell -> cell.equals("-") ? 0 : Double.parseDouble(cell)).toArray()));
        return rows;
    }
}
