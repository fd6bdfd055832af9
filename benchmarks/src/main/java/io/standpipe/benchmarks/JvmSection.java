// SPDX-License-Identifier: Apache-2.0
package io.standpipe.benchmarks;

import java.io.IOException;
import java.nio.file.Path;

/** The part of the report that tells of the first calls of a JVM, and of restoring in place. */
final class JvmSection {

    private static final String NEW_JVM = "newJvm";
    private static final String IN_PLACE = "inPlace";

    private final Results first;
    private final Results inPlace;

    JvmSection(Results first, Results inPlace) {
        this.first = first;
        this.inPlace = inPlace;
    }

    void write(Markdown page, Path folder) throws IOException {
        page.heading("The first call of a JVM");
        page.paragraph("All that a command's JVM ever does: the JVM has started, and nothing of Standpipe's has run"
                + " in it; loading the native library is included. Beside it the same in a JVM that has done it"
                + " before.");
        page.columns("What", "Set", "Where", ":First", ":Least", ":Later", ":First / later");
        for (String benchmark : new String[] {"firstCheckpoint", "firstRestore"}) {
            first.of(benchmark).forEach(row -> firstRow(page, row));
        }
        page.end();
        page.heading("In place");
        page.paragraph("Restoring pipes at the numbers that they have in this JVM (`PipesInPlace`), beside restoring"
                + " them at new numbers and closing these. Both have the image in the page cache. In place, every"
                + " process of the machine is looked at for who else holds the pipes, so this grows with their"
                + " number.");
        page.columns("Set", "Where", ":In place", ":For a pipe", ":At new numbers", ":For a pipe", ":In place / new");
        inPlace.of(IN_PLACE).forEach(row -> inPlaceRow(page, row));
        page.end();
        Charts.perPipe(inPlace, folder.resolve("inplace.svg"));
        page.image("restoring in place", "inplace.svg");
    }

    private static void firstRow(Markdown page, Results.Row row) {
        Results.Taken taken = row.taken().get(NEW_JVM);
        page.row(
                row.benchmark().equals("firstCheckpoint") ? "checkpoint" : "restore", row.set(), row.where(),
                Markdown.micros(taken.medianNanos()), Markdown.micros(taken.minNanos()),
                Markdown.micros(row.standpipe().medianNanos()), Markdown.ratio(taken.ratio()));
    }

    private static void inPlaceRow(Markdown page, Results.Row row) {
        page.row(
                row.set(), row.where(), Markdown.micros(row.taken().get(IN_PLACE).medianNanos()),
                Markdown.micros(row.nanosPerPipe(IN_PLACE)), Markdown.micros(row.standpipe().medianNanos()),
                Markdown.micros(row.nanosPerPipe("standpipe")), Markdown.ratio(row.taken().get(IN_PLACE).ratio()));
    }
}
