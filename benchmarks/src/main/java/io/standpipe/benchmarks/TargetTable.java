// SPDX-License-Identifier: Apache-2.0
package io.standpipe.benchmarks;

import java.util.List;

/** What was wanted, and what was measured. */
final class TargetTable {

    private static final double LARGE_SPEED = 0.95;
    private static final double SMALL_SPEED = 0.85;
    private static final int LARGE_BYTES = 65_536;

    private final Results window;
    private final Results images;
    private final Results criu;
    private final JmhResults jmh;
    private Markdown page;

    TargetTable(Results window, Results images, Results criu, JmhResults jmh) {
        this.window = window;
        this.images = images;
        this.criu = criu;
        this.jmh = jmh;
    }

    void write(Markdown to) {
        page = to;
        page.heading("Targets");
        page.columns("Target", "Set", "Where", ":Wanted", ":Measured", "Reached");
        windows();
        for (String benchmark : List.of("checkpoint", "stream", "restore", "restore, close")) {
            flatness(images, benchmark);
        }
        copies();
        peers();
        hashes();
        heap("checkpoint", "Checkpoint.standpipe");
        heap("checkpoint that asks", "Checkpoint.asking");
        page.end();
        page.paragraph("Speed beside the floor that does the same work with the same system calls, as Standpipe is and where it must"
                + " ask for each descriptor, the latter also beside that floor in a process with a second thread, as every JVM has some; and"
                + " beside the bare floor, which knows beforehand what is in the pipes. They are told apart below:");
        page.columns(
                "Speed of", "Set", "Where", ":Wanted", ":Beside the same calls", "Reached", ":Asking", "Reached",
                ":Asking, beside two threads", ":Beside the bare floor", "Reached");
        speeds("checkpoint");
        speeds("stream");
        speeds("restore");
        speeds("restore, close");
        page.end();
    }

    private void windows() {
        for (Results.Row row : window.of("window")) {
            atMost("frozen window / floor", row.set(), row.where(), 1.1, row.standpipe().ratio());
        }
        for (Results.Row row : window.of("window")) {
            Results.Taken writing = row.taken().get("writingWhileFrozen");
            if (writing != null) {
                atLeast("writing while frozen / frozen window", row.set(), row.where(), 10,
                        writing.medianNanos() / row.standpipe().medianNanos());
            }
        }
        flatness(window, "window");
    }

    private void flatness(Results results, String benchmark) {
        for (Results.Row large : results.of(benchmark)) {
            if (large.size().pipes() > 1000) {
                flatness(results, large);
            }
        }
    }

    private void flatness(Results results, Results.Row large) {
        for (Results.Row small : results.of(large.benchmark())) {
            if (small.size().pipes() == 100 && small.size().bytesEach() == large.size().bytesEach()
                    && small.where().equals(large.where())) {
                String sets = small.set() + " to " + large.set();
                atMost(large.benchmark() + " for a pipe, growth", sets, large.where(), 1.15,
                        large.nanosPerPipe("standpipe") / small.nanosPerPipe("standpipe"));
                page.row("(the floor's own growth)", sets, large.where(), "",
                        Markdown.ratio(large.nanosPerPipe(Floor.NAME) / small.nanosPerPipe(Floor.NAME)), "");
            }
        }
    }

    private void speeds(String benchmark) {
        for (Results.Row row : images.of(benchmark)) {
            double wanted = row.size().bytesEach() >= LARGE_BYTES ? LARGE_SPEED : SMALL_SPEED;
            double speed = row.speedBesideSameCalls();
            double asking = row.speedOfSameCalls();
            double bare = row.speed();
            page.row(
                    benchmark, row.set(), row.where(), "at least " + wanted, Markdown.ratio(speed),
                    yesOrNo(speed >= wanted), Markdown.ratio(asking), yesOrNo(asking >= wanted),
                    Markdown.ratio(row.speedOfSameCallsThreads()), Markdown.ratio(bare), yesOrNo(bare >= wanted));
        }
    }

    private void copies() {
        for (Results.Row row : images.of("restore")) {
            Results.Taken copy = row.taken().get("javaCopy");
            if (copy != null && row.size().bytesEach() == LARGE_BYTES) {
                atLeast("restore, times as fast as copying", row.set(), row.where(), 4,
                        copy.medianNanos() / row.standpipe().medianNanos());
            }
        }
    }

    /** Beside CRIU: all of the standstill, and of saving and restoring what the pipes take. One pipe's is lost in the noise. */
    private void peers() {
        for (Results.Row row : criu.of(BesideCriu.FROZEN)) {
            atLeast("standing still, times as short as with CRIU", row.set(), row.where(), 1,
                    row.taken().get(Criu.NAME).medianNanos() / row.standpipe().medianNanos());
        }
        forPipes("saving, times as fast as CRIU for the pipes", BesideCriu.DUMP);
        forPipes("restoring, times as fast as CRIU for the pipes", BesideCriu.RESTORE);
    }

    private void forPipes(String target, String benchmark) {
        for (Results.Row row : criu.of(benchmark)) {
            if (row.size().pipes() > 1) {
                atLeast(target, row.set(), row.where(), 1, criu.nanosForPipes(row, Criu.NAME) / criu.nanosForPipes(row, "standpipe"));
            }
        }
    }

    private void hashes() {
        for (String work : List.of("collect", "lookUp")) {
            for (String set : jmh.hashSets()) {
                atLeast("object hash, times as fast as HashMap, " + (work.equals("collect") ? "collecting" : "looking up"),
                        set, "", 3, jmh.hashSpeed(work, set));
            }
        }
    }

    /** A checkpoint's caller gets nothing that grows with the pipes. No object takes less than 16 bytes; some arrays grow by halves of one. */
    private void heap(String what, String benchmark) {
        for (String set : jmh.largeSets(benchmark)) {
            atMost(what + ", bytes of the heap for a pipe", "100 pipes to " + set, "", 8, jmh.heapBytesOfPipe(benchmark, set));
        }
    }

    private void atMost(String target, String set, String where, double wanted, double measured) {
        page.row(target, set, where, "at most " + wanted, Markdown.ratio(measured), yesOrNo(measured <= wanted));
    }

    private void atLeast(String target, String set, String where, double wanted, double measured) {
        page.row(target, set, where, "at least " + wanted, Markdown.ratio(measured), yesOrNo(measured >= wanted));
    }

    private static String yesOrNo(boolean reached) {
        return reached ? "yes" : "no";
    }
}
