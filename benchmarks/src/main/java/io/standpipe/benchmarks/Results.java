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
import java.util.stream.Collectors;

/** What a driver measured, read back from its {@link ResultFile}. */
final class Results {

    /** What one contender took; ratios are to the first of them, mostly the floor. What was not measured is NaN. */
    record Taken(
            double minNanos, double medianNanos, double ratio, double pairedRatio, double pairedRatioToSameCalls,
            double peakMemoryKiB) {}

    /** One set, with its contenders by name; none, and a reason, if it could not be measured. */
    record Row(String benchmark, String set, String where, Map<String, Taken> taken, String skipped) {

        Taken floor() {
            return taken.get(Floor.NAME);
        }

        Taken standpipe() {
            return taken.get("standpipe");
        }

        /** Standpipe where it makes the calls that the floor of the same calls mirrors. */
        Taken asking() {
            return taken.getOrDefault(ImageWork.ASKING, standpipe());
        }

        /** How fast Standpipe is beside the bare floor: 1 if it takes the same time. */
        double speed() {
            return floor().medianNanos() / standpipe().medianNanos();
        }

        /** The same beside the floor that makes the calls of asking: with a survey fewer are made. */
        double speedBesideSameCalls() {
            return taken.get(Floor.SAME_CALLS).medianNanos() / standpipe().medianNanos();
        }

        /** What is left of the speed of calls that are made from a JVM: of asking beside the floor of the same calls. */
        double speedOfSameCalls() {
            return taken.get(Floor.SAME_CALLS).medianNanos() / asking().medianNanos();
        }

        /** The same beside that floor in a process of two threads. */
        double speedOfSameCallsThreads() {
            return taken.get(Floor.SAME_CALLS_THREADS).medianNanos() / asking().medianNanos();
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
                taken.put(entry.getKey(), taken(entry.getValue().getAsJsonObject()));
            }
        }
        return new Row(
                result.get("benchmark").getAsString(), result.get("set").getAsString(), result.get("where").getAsString(),
                taken, result.has("skipped") ? result.get("skipped").getAsString() : "");
    }

    private static Taken taken(JsonObject one) {
        return new Taken(
                number(one, "minNanos"), number(one, "medianNanos"), number(one, "ratio"), number(one, "pairedRatio"),
                number(one, "pairedRatioToSameCalls"), number(one, "peakMemoryKiB"));
    }

    private static double number(JsonObject one, String name) {
        return one.has(name) ? one.get(name).getAsDouble() : Double.NaN;
    }

    String machine(String name) {
        return machine.get(name).getAsString();
    }

    /** A set of them, "target (ext4), /dev/shm (tmpfs)". */
    String machines(String name) {
        return machine.getAsJsonObject(name).entrySet().stream()
                .map(entry -> entry.getKey() + " (" + entry.getValue().getAsString() + ")")
                .collect(Collectors.joining(", "));
    }

    /** That of another program which was measured. */
    String version(String program) {
        return machine.getAsJsonObject("versions").get(program).getAsString();
    }

    /** What a contender beside CRIU takes longer than for a process with one empty pipe; NaN if that was not measured. */
    double nanosForPipes(Row row, String contender) {
        return of(row.benchmark()).stream()
                .filter(other -> other.set().equals(BesideCriu.ALONE) && other.where().equals(row.where()))
                .mapToDouble(alone -> row.taken().get(contender).medianNanos()
                        - alone.taken().get(contender).medianNanos())
                .findFirst()
                .orElse(Double.NaN);
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
