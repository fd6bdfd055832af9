// SPDX-License-Identifier: Apache-2.0
package io.standpipe.benchmarks;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a driver measured, read back from its {@link ResultFile}. */
final class Results {

    /** What one contender took; ratios are to the floor. */
    record Taken(double minNanos, double medianNanos, double ratio, double pairedRatio) {}

    /** One set, with its contenders by name; none, and a reason, if it could not be measured. */
    record Row(String benchmark, String set, String where, Map<String, Taken> taken, String skipped) {

        Taken floor() {
            return taken.get(Floor.NAME);
        }

        Taken standpipe() {
            return taken.get("standpipe");
        }

        /** How fast Standpipe is beside a floor: 1 if it takes the same time. */
        double speed(String floor) {
            return taken.get(floor).medianNanos() / standpipe().medianNanos();
        }

        PipeSetSize size() {
            return PipeSetSize.parse(set);
        }

        double nanosPerPipe(String contender) {
            return taken.get(contender).medianNanos() / size().pipes();
        }
    }

    private final JsonObject machine;
    private final List<Row> rows = new ArrayList<>();

    private Results(JsonObject machine) {
        this.machine = machine;
    }

    static Results read(Path path) throws IOException {
        JsonObject all = JsonParser.parseString(Files.readString(path)).getAsJsonObject();
        Results results = new Results(all.getAsJsonObject("machine"));
        for (JsonElement result : all.getAsJsonArray("results")) {
            results.rows.add(row(result.getAsJsonObject()));
        }
        return results;
    }

    private static Row row(JsonObject result) {
        Map<String, Taken> taken = new LinkedHashMap<>();
        if (result.has("contenders")) {
            for (Map.Entry<String, JsonElement> entry : result.getAsJsonObject("contenders").entrySet()) {
                JsonObject one = entry.getValue().getAsJsonObject();
                taken.put(entry.getKey(), new Taken(
                        one.get("minNanos").getAsDouble(), one.get("medianNanos").getAsDouble(),
                        one.get("ratio").getAsDouble(), one.get("pairedRatio").getAsDouble()));
            }
        }
        return new Row(
                result.get("benchmark").getAsString(), result.get("set").getAsString(), result.get("where").getAsString(),
                taken, result.has("skipped") ? result.get("skipped").getAsString() : "");
    }

    String machine(String name) {
        return machine.get(name).getAsString();
    }

    /** Which pass it was: quick or full. */
    String pass() {
        return machine("pass");
    }

    /** The rows of a benchmark that were measured. */
    List<Row> of(String benchmark) {
        return rows.stream().filter(row -> row.benchmark().equals(benchmark) && row.skipped().isEmpty()).toList();
    }

    List<Row> skipped() {
        return rows.stream().filter(row -> !row.skipped().isEmpty()).toList();
    }
}
