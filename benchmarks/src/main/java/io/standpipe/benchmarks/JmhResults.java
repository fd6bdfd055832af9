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
import java.util.Map;

/** What JMH measured, read from its own JSON. */
final class JmhResults {

    private record Result(
            String name, String set, int pipes, double score, double error, String unit, double allocatedBytes) {

        String allocated() {
            if (Double.isNaN(allocatedBytes)) {
                return "";
            }
            return Markdown.number(allocatedBytes / pipes);
        }
    }

    private static final int FEW = 100;

    private final List<Result> results = new ArrayList<>();
    private String version = "unknown";

    private JmhResults() {}

    /** Reads what was measured, and what was with other JDKs, which is told by the name of each. */
    static JmhResults read(Path path, List<Path> others) throws IOException {
        JmhResults jmh = new JmhResults();
        for (JsonElement run : runs(path)) {
            jmh.add(run.getAsJsonObject(), "");
        }
        for (Path other : others) {
            for (JsonElement run : runs(other)) {
                jmh.add(run.getAsJsonObject(), "JDK " + run.getAsJsonObject().get("jdkVersion").getAsString());
            }
        }
        return jmh;
    }

    private static JsonArray runs(Path path) throws IOException {
        return JsonParser.parseString(Files.readString(path)).getAsJsonArray();
    }

    private void add(JsonObject run, String jdk) {
        version = run.get("jmhVersion").getAsString();
        String[] name = run.get("benchmark").getAsString().split("\\.");
        JsonObject parameters = run.has("params") ? run.getAsJsonObject("params") : new JsonObject();
        JsonObject metric = run.getAsJsonObject("primaryMetric");
        String set = jdk;
        int pipes = 1;
        if (parameters.has("set")) {
            set = parameters.get("set").getAsString();
            pipes = PipeSetSize.parse(set).pipes();
        } else if (parameters.has("pipes")) {
            pipes = parameters.get("pipes").getAsInt();
            set = pipes + " pipes";
        }
        results.add(new Result(
                name[name.length - 2].replace("Benchmark", "") + "." + name[name.length - 1],
                set, pipes, metric.get("score").getAsDouble(),
                metric.get("scoreError").getAsDouble(), metric.get("scoreUnit").getAsString().replace("/op", ""),
                allocated(run.getAsJsonObject("secondaryMetrics"))));
    }

    private static double allocated(JsonObject metrics) {
        for (Map.Entry<String, JsonElement> entry : metrics.entrySet()) {
            if (entry.getKey().endsWith("gc.alloc.rate.norm")) {
                return entry.getValue().getAsJsonObject().get("score").getAsDouble();
            }
        }
        return Double.NaN;
    }

    String version() {
        return version;
    }

    /** The sets that the object hash was measured with. */
    List<String> hashSets() {
        return results.stream()
                .filter(result -> result.name().equals("ObjectHash.collectStandpipe"))
                .map(Result::set)
                .toList();
    }

    /**
     * How many times as fast as a HashMap the object hash is.
     *
     * @param work what they do, collect or lookUp
     */
    double hashSpeed(String work, String set) {
        return score("ObjectHash." + work + "HashMap", set) / score("ObjectHash." + work + "Standpipe", set);
    }

    private double score(String name, String set) {
        Result result = find(name, set);
        return result == null ? Double.NaN : result.score();
    }

    /** The sets of the most pipes that a benchmark was measured with. */
    List<String> largeSets(String name) {
        return results.stream()
                .filter(result -> result.name().equals(name) && result.pipes() > FEW)
                .map(Result::set)
                .toList();
    }

    /** How many bytes of the heap each pipe of such a set takes: what there is beyond a hundred pipes, for each beyond. */
    double heapBytesOfPipe(String name, String set) {
        Result few = results.stream()
                .filter(result -> result.name().equals(name) && result.pipes() == FEW)
                .findFirst()
                .orElse(null);
        Result many = find(name, set);
        return few == null || many == null
                ? Double.NaN
                : (many.allocatedBytes() - few.allocatedBytes()) / (many.pipes() - few.pipes());
    }

    private Result find(String name, String set) {
        return results.stream()
                .filter(result -> result.name().equals(name) && result.set().equals(set))
                .findFirst()
                .orElse(null);
    }

    void write(Markdown page) {
        page.heading("Inside the JVM");
        page.paragraph("By JMH, images on tmpfs. Allocated are bytes of the Java heap for each pipe, or for each call.");
        page.columns("Benchmark", "Set", ":Time", ":Error (99.9 %)", ":Allocated");
        for (Result result : results) {
            page.row(
                    result.name(), result.set(), Markdown.number(result.score()) + " " + result.unit(),
                    Markdown.number(result.error()) + " " + result.unit(), result.allocated());
        }
        page.end();
    }
}
