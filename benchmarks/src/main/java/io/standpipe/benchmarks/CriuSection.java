// SPDX-License-Identifier: Apache-2.0
package io.standpipe.benchmarks;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The part of the report that shows CRIU beside Standpipe. */
final class CriuSection {

    private final Results results;
    private final Path comesBack;

    /** @param comesBack what came back of pipes out of the ordinary, if that was tried */
    CriuSection(Results results, Path comesBack) {
        this.results = results;
        this.comesBack = comesBack;
    }

    void write(Markdown page) throws IOException {
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
        comesBack(page);
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

    private void comesBack(Markdown page) throws IOException {
        if (!Files.exists(comesBack)) {
            return;
        }
        page.paragraph("What is as before when a process with such pipes was saved, ended and restored, of all that a program could tell of"
                + " them: bytes, how they lie in buffers, capacity, owner and mode, who shares what, flags, signals.");
        page.columns("Pipes", "CRIU", "Standpipe");
        for (JsonElement element : JsonParser.parseString(Files.readString(comesBack)).getAsJsonArray()) {
            JsonObject row = element.getAsJsonObject();
            page.row(row.get("pipes").getAsString(), row.get("criu").getAsString(), row.get("standpipe").getAsString());
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
