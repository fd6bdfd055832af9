// SPDX-License-Identifier: Apache-2.0
package io.standpipe.benchmarks;

import java.util.List;

/** The part of the report that shows CRIU beside Standpipe. */
final class CriuSection {

    private final Results results;

    CriuSection(Results results) {
        this.results = results;
    }

    void write(Markdown page) {
        page.heading("CRIU");
        if (results.of(BesideCriu.FROZEN).isEmpty()) {
            skipped(page);
            return;
        }
        page.paragraph("CRIU " + results.version(Criu.NAME) + " with the same process by turns, which holds both ends of the pipes and"
                + " sleeps. CRIU saves a process with all that it has; \"for the pipes\" is what either takes longer than for a process with"
                + " one empty pipe. Standpipe is the library in a JVM that has done it before, and the command a JVM of its own from start"
                + " to end. Standpipe's image is synced, CRIU's is not.");
        page.columns("Stands still", "Where", ":CRIU", ":For the pipes", ":Floor", ":Standpipe", ":CRIU / Standpipe");
        for (Results.Row row : results.of(BesideCriu.FROZEN)) {
            page.row(row.set(), row.where(), micros(row, Criu.NAME), pipes(row, Criu.NAME), micros(row, Floor.NAME), micros(row, "standpipe"),
                    Markdown.ratio(row.taken().get(Criu.NAME).medianNanos() / row.standpipe().medianNanos()));
        }
        page.end();
        commands(page, "Saved", BesideCriu.DUMP);
        commands(page, "Restored", BesideCriu.RESTORE);
        skipped(page);
    }

    private void commands(Markdown page, String title, String benchmark) {
        List<Results.Row> rows = results.of(benchmark);
        List<String> commands = rows.get(0).taken().keySet().stream().filter(name -> name.startsWith("command")).toList();
        page.columns(title, "Where", ":CRIU", ":For the pipes", ":Standpipe", ":For the pipes", ":" + commands.get(0), ":" + commands.get(1));
        for (Results.Row row : rows) {
            page.row(row.set(), row.where(), micros(row, Criu.NAME), pipes(row, Criu.NAME), micros(row, "standpipe"), pipes(row, "standpipe"),
                    micros(row, commands.get(0)), micros(row, commands.get(1)));
        }
        page.end();
    }

    private void skipped(Markdown page) {
        for (Results.Row row : results.skipped()) {
            page.item(row.set() + (row.where().isEmpty() ? "" : ", " + row.where()) + ": not measured, " + row.skipped());
        }
        page.end();
    }

    /** Those of one pipe are lost in the noise. */
    private String pipes(Results.Row row, String contender) {
        return row.size().pipes() == 1 ? "" : Markdown.micros(results.nanosForPipes(row, contender));
    }

    private static String micros(Results.Row row, String contender) {
        return Markdown.micros(row.taken().get(contender).medianNanos());
    }
}
