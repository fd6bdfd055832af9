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
        page.paragraph("Both ends of pipes of the measuring process. \"checkpoint\" is to a new file, \"overwrite\""
                + " in place of the image of the time before; \"restore\" until all pipes are there, \"restore, close\" until they"
                + " are closed again.");
        page.item("Bare is the floor that makes only the calls without which no byte would be saved or restored, and"
                + " knows beforehand what is in the pipes.");
        page.item("Asking is Standpipe where it may take no survey of the descriptors, and asks for each: with few pipes it does"
                + " so anyway.");
        page.item("Same calls is the floor that makes every call that Standpipe makes when it asks, in the same order, and"
                + " nothing else: what asking takes longer is the JVM's. A restore never asks.");
        page.item("Threads is the same floor in a process with a second thread, which sleeps. Every JVM has threads that share its"
                + " descriptors: the kernel counts each use of a descriptor then, whoever makes the call.");
        page.item("Synced is the bare floor with the folder synced after the rename, as Standpipe does; staged is"
                + " the bare floor with payloads cloned one behind the other into one large pipe, which is spliced"
                + " to the file when it is full.");
        page.item("Java copy is plain Java, which empties each pipe and fills it again. Netty is its epoll"
                + " transport's splice, which has no tee: it empties the pipes into a file, and that is all.");
        page.end();
        page.columns(
                "What", "Set", "Where", ":Bare", ":Synced", ":Staged", ":Same calls", ":Threads", ":Standpipe", ":For a pipe",
                ":Bare / Standpipe", ":Pairs", ":Asking", ":Same / asking", ":Pairs", ":Threads / asking", ":Java copy", ":Copy / Standpipe",
                ":Netty");
        for (String benchmark : new String[] {"checkpoint", "overwrite", "stream", "restore", "restore, close"}) {
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
                median(row, "floorSyncingFolder"), median(row, "floorStaged"), median(row, Floor.SAME_CALLS),
                median(row, Floor.SAME_CALLS_THREADS),
                Markdown.micros(ours.medianNanos()), Markdown.micros(row.nanosPerPipe("standpipe")),
                Markdown.ratio(row.speed()), Markdown.ratio(1 / ours.pairedRatio()), median(row, ImageWork.ASKING),
                Markdown.ratio(row.speedOfSameCalls()), Markdown.ratio(1 / row.asking().pairedRatioToSameCalls()),
                Markdown.ratio(row.speedOfSameCallsThreads()), median(row, "javaCopy"),
                copy == null ? "" : Markdown.ratio(copy.medianNanos() / ours.medianNanos()), median(row, "netty"));
    }

    private static String median(Results.Row row, String contender) {
        Results.Taken taken = row.taken().get(contender);
        return taken == null ? "" : Markdown.micros(taken.medianNanos());
    }
}
