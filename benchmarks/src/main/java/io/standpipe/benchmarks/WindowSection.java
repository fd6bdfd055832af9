// SPDX-License-Identifier: Apache-2.0
package io.standpipe.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** The part of the report that tells how long another process stands still. */
final class WindowSection {

    private final Results results;

    WindowSection(Results results) {
        this.results = results;
    }

    void write(Markdown page, Path folder) throws IOException {
        page.heading("The frozen window");
        page.paragraph("From before SIGSTOP to after SIGCONT. A \"first window\" is that of a JVM that has done nothing"
                + " before, as a command's has.");
        page.columns("What", "Set", "Saved", "Contender", ":Median", ":Least", ":For a pipe", ":Ratio", ":Pairs");
        for (String benchmark : new String[] {"window", "firstWindow"}) {
            results.of(benchmark).forEach(row -> row(page, row));
        }
        page.end();
        for (Results.Row row : results.skipped()) {
            page.item(row.benchmark() + ", " + row.set() + ", " + row.where() + ": not measured, " + row.skipped());
        }
        page.paragraph("Fewer pipes than 9,000 are as many as the limit of descriptors allows.");
        Charts.window(results, folder.resolve("window.svg"));
        page.image("frozen window", "window.svg");
    }

    private static void row(Markdown page, Results.Row row) {
        for (Map.Entry<String, Results.Taken> entry : row.taken().entrySet()) {
            Results.Taken taken = entry.getValue();
            page.row(
                    row.benchmark().equals("window") ? "window" : "first window", row.set(), row.where(), entry.getKey(),
                    Markdown.micros(taken.medianNanos()), Markdown.micros(taken.minNanos()),
                    Markdown.micros(row.nanosPerPipe(entry.getKey())), Markdown.ratio(taken.ratio()),
                    Markdown.ratio(taken.pairedRatio()));
        }
    }
}
