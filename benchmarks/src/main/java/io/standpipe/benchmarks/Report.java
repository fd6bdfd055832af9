// SPDX-License-Identifier: Apache-2.0
package io.standpipe.benchmarks;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** Prints JMH's JSON result as a table in Markdown, with each time beside the baseline's of the same run. */
public final class Report {

    private static final Set<String> BASELINES = Set.of("javaCopy", "hashMap");

    private record Result(
            String benchmark, String method, String set, String folder, double score, double error, String unit) {

        boolean isBaseline() {
            return BASELINES.contains(method);
        }

        boolean isBesides(Result other) {
            return benchmark.equals(other.benchmark) && set.equals(other.set) && folder.equals(other.folder);
        }
    }

    private final List<Result> results = new ArrayList<>();
    private final Set<String> machines = new TreeSet<>();

    private Report() {}

    /** Argument: the result, as written with -rf json -rff FILE. To be run in the folder that JMH ran in. */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 1) {
            System.err.println("usage: Report RESULT.json");
            System.exit(2);
        }
        Report report = new Report();
        JsonArray runs = JsonParser.parseString(Files.readString(Path.of(arguments[0]))).getAsJsonArray();
        for (JsonElement run : runs) {
            report.add(run.getAsJsonObject());
        }
        report.print();
    }

    private void add(JsonObject run) {
        String[] name = run.get("benchmark").getAsString().split("\\.");
        JsonObject parameters = run.has("params") ? run.getAsJsonObject("params") : new JsonObject();
        JsonObject metric = run.getAsJsonObject("primaryMetric");
        results.add(new Result(
                name[name.length - 2].replace("Benchmark", ""),
                name[name.length - 1],
                text(parameters, "set"),
                text(parameters, "folder"),
                metric.get("score").getAsDouble(),
                metric.get("scoreError").getAsDouble(),
                metric.get("scoreUnit").getAsString()));
        machines.add(run.get("vmName").getAsString() + " " + run.get("vmVersion").getAsString());
    }

    private static String text(JsonObject object, String name) {
        return object.has(name) ? object.get(name).getAsString() : "";
    }

    private void print() throws IOException {
        System.out.println("- kernel: " + System.getProperty("os.name") + " " + System.getProperty("os.version") + ", "
                + System.getProperty("os.arch") + ", " + Runtime.getRuntime().availableProcessors() + " processors");
        System.out.println("- JDK: " + String.join("; ", machines));
        System.out.println();
        System.out.println("| Benchmark | Set | File system | Time | Error (99.9 %) | Baseline | Time / baseline |");
        System.out.println("|---|---|---|---:|---:|---:|---:|");
        for (Result result : results) {
            if (!result.isBaseline()) {
                printRow(result);
            }
        }
    }

    private void printRow(Result result) throws IOException {
        Result baseline = null;
        for (Result other : results) {
            if (other.isBaseline() && other.isBesides(result)) {
                baseline = other;
            }
        }
        System.out.println("| " + result.benchmark() + "." + result.method() + " | " + result.set() + " | "
                + fileSystem(result.folder()) + " | " + time(result, result.score()) + " | "
                + time(result, result.error()) + " | "
                + (baseline == null ? "none" : time(baseline, baseline.score())) + " | "
                + (baseline == null ? "" : decimal(result.score() / baseline.score())) + " |");
    }

    private static String time(Result result, double value) {
        return Double.isNaN(value) ? "unknown" : decimal(value) + " " + result.unit().replace("/op", "");
    }

    private static String decimal(double value) {
        return String.format(Locale.ROOT, value < 10 ? "%.2f" : "%.0f", value);
    }

    private static String fileSystem(String folder) throws IOException {
        return folder.isEmpty() ? "" : Files.getFileStore(Path.of(folder)).type();
    }
}
