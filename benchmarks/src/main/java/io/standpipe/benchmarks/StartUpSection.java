// SPDX-License-Identifier: Apache-2.0
package io.standpipe.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** The part of the report that tells how long the command takes, and how much memory. */
final class StartUpSection {

    private static final int KIB_OF_A_MIB = 1024;

    private final Results results;

    StartUpSection(Results results) {
        this.results = results;
    }

    void write(Markdown page, Path folder) throws IOException {
        page.heading("The command");
        page.paragraph("`standpipe show IMAGE` and `standpipe check` from the start of the JVM to its end, by turns."
                + " An archive is one of classes (CDS) that a run of `standpipe demo` has left behind with"
                + " `-XX:ArchiveClassesAtExit`, or of its own accord (automatic, `-XX:+AutoCreateSharedArchive`);"
                + " \"C1 alone\" is `-XX:TieredStopAtLevel=1`, \"no sharing\" `-Xshare:off`. Memory is the most that"
                + " was resident.");
        page.columns("Command", "JDK", "JVM", ":Median", ":Least", ":Beside plain", ":Memory");
        for (String command : new String[] {"show", "check"}) {
            results.of(command).forEach(row -> rows(page, row));
        }
        page.end();
        Charts.startUp(results, folder.resolve("startup.svg"));
        page.image("start of the command", "startup.svg");
    }

    private static void rows(Markdown page, Results.Row row) {
        for (Map.Entry<String, Results.Taken> entry : row.taken().entrySet()) {
            Results.Taken taken = entry.getValue();
            page.row(
                    row.benchmark(), row.where().replace("JDK ", ""), entry.getKey(),
                    Markdown.millis(taken.medianNanos()), Markdown.millis(taken.minNanos()), Markdown.ratio(taken.ratio()),
                    Markdown.number(taken.peakMemoryKiB() / KIB_OF_A_MIB) + " MiB");
        }
    }
}
