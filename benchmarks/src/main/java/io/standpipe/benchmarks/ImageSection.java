// SPDX-License-Identifier: Apache-2.0
package io.standpipe.benchmarks;

import java.io.IOException;
import java.nio.file.Path;

/** The part of the report that tells of checkpoint, streaming and restore. */
final class ImageSection {

    private final Results results;

    ImageSection(Results results) {
        this.results = results;
    }

    void write(Markdown page, Path folder) throws IOException {
        page.heading("Checkpoint, streaming, restore");
        page.paragraph("Both ends of pipes of the measuring process. \"checkpoint\" is to a new file, \"overwrite\" in place of"
                + " the image of the time before. \"Synced\" is the floor with the folder synced after the rename, as"
                + " Standpipe does; \"staged\" is the floor with payloads cloned one behind the other into one large"
                + " pipe, which is spliced to the file when it is full.");
        page.columns(
                "What", "Set", "Where", ":Floor", ":Synced", ":Staged", ":Standpipe", ":For a pipe", ":Speed", ":Pairs",
                ":Java copy", ":Copy / Standpipe");
        for (String benchmark : new String[] {"checkpoint", "overwrite", "stream", "restore"}) {
            results.of(benchmark).forEach(row -> row(page, row));
        }
        page.end();
        for (Results.Row row : results.skipped()) {
            page.item(row.benchmark() + ", " + row.set() + ", " + row.where() + ": not measured, " + row.skipped());
        }
        for (String benchmark : new String[] {"checkpoint", "restore"}) {
            Charts.speeds(results, benchmark, folder.resolve(benchmark + ".svg"));
            page.image(benchmark + ": speed", benchmark + ".svg");
        }
    }

    private static void row(Markdown page, Results.Row row) {
        Results.Taken ours = row.standpipe();
        Results.Taken copy = row.taken().get("javaCopy");
        page.row(
                row.benchmark(), row.set(), row.where(), Markdown.micros(row.floor().medianNanos()),
                median(row, "floorSyncingFolder"), median(row, "floorStaged"), Markdown.micros(ours.medianNanos()),
                Markdown.micros(row.nanosPerPipe("standpipe")), Markdown.ratio(1 / ours.ratio()),
                Markdown.ratio(1 / ours.pairedRatio()), median(row, "javaCopy"),
                copy == null ? "" : Markdown.ratio(copy.medianNanos() / ours.medianNanos()));
    }

    private static String median(Results.Row row, String contender) {
        Results.Taken taken = row.taken().get(contender);
        return taken == null ? "" : Markdown.micros(taken.medianNanos());
    }
}
