// SPDX-License-Identifier: Apache-2.0
package io.standpipe.benchmarks;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Results of a driver as JSON: the machine, and for each set what each contender took. Times are in nanoseconds. */
final class ResultFile {

    private static final Gson GSON = new GsonBuilder().setPrettyPrinting().create();

    private final Path path;
    private final String pass;
    private final JsonArray results = new JsonArray();
    private final JsonObject versions = new JsonObject();

    /** @param pass quick or full */
    ResultFile(Path path, String pass) {
        this.path = path;
        this.pass = pass;
    }

    /**
     * Adds what was measured of one set, and says it on standard output.
     *
     * @param where the file system, or which ends were saved
     * @param all the first is what the others are compared with
     */
    void add(String benchmark, String set, String where, List<Samples> all) {
        JsonObject result = row(benchmark, set, where);
        JsonObject contenders = new JsonObject();
        for (Samples samples : all) {
            contenders.add(samples.contender(), contender(samples, all));
            System.out.printf(
                    "%-12s %-12s %-10s %-24s %12.1f us  x%.2f  (pairs x%.2f)%n", benchmark, set, where,
                    samples.contender(), samples.median() / 1000, samples.ratioTo(all.get(0)),
                    samples.pairedRatioTo(all.get(0)));
        }
        result.add("contenders", contenders);
        results.add(result);
    }

    private static JsonObject contender(Samples samples, List<Samples> all) {
        Samples first = all.get(0);
        JsonObject contender = new JsonObject();
        contender.addProperty("samples", samples.nanos().length);
        contender.addProperty("minNanos", samples.min());
        contender.addProperty("medianNanos", samples.median());
        contender.addProperty("ratio", samples.ratioTo(first));
        contender.addProperty("pairedRatio", samples.pairedRatioTo(first));
        for (Samples other : all) {
            if (other.contender().equals(Floor.SAME_CALLS)) {
                contender.addProperty("pairedRatioToSameCalls", samples.pairedRatioTo(other));
            }
        }
        return contender;
    }

    private static JsonObject row(String benchmark, String set, String where) {
        PipeSetSize size = PipeSetSize.parse(set);
        JsonObject result = new JsonObject();
        result.addProperty("benchmark", benchmark);
        result.addProperty("set", set);
        result.addProperty("pipes", size.pipes());
        result.addProperty("bytesEach", size.bytesEach());
        result.addProperty("where", where);
        return result;
    }

    /** Adds one more number to what was said last of a contender. */
    void note(String contender, String what, double number) {
        JsonObject last = results.get(results.size() - 1).getAsJsonObject();
        last.getAsJsonObject("contenders").getAsJsonObject(contender).addProperty(what, number);
        System.out.printf("%-12s %s %.0f%n", contender, what, number);
    }

    /** Tells which version of a program was measured. */
    void version(String program, String version) {
        versions.addProperty(program, version);
    }

    /** Says what could not be measured. */
    void skip(String benchmark, String set, String where, String reason) {
        JsonObject result = row(benchmark, set, where);
        result.addProperty("skipped", reason);
        results.add(result);
        System.out.println(benchmark + " " + set + " " + where + ": skipped, " + reason);
    }

    void write() throws IOException {
        JsonObject all = new JsonObject();
        JsonObject machine = Machine.describe();
        machine.addProperty("pass", pass);
        machine.add("versions", versions);
        all.add("machine", machine);
        all.add("results", results);
        Files.createDirectories(path.toAbsolutePath().getParent());
        Files.writeString(path, GSON.toJson(all) + "\n");
    }
}
