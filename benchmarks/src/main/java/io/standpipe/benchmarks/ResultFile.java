// SPDX-License-Identifier: Apache-2.0
package io.standpipe.benchmarks;

import com.google.gson.Gson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The results of one part of the benchmarks, as JSON with one result a line.
 *
 * @param machine what the results depend on besides the code
 * @param skipped what could not be measured, and why
 */
record ResultFile(Map<String, String> machine, List<Result> results, List<String> skipped) {

    private static final Gson GSON = new Gson();

    static ResultFile read(Path file) throws IOException {
        return GSON.fromJson(Files.readString(file), ResultFile.class);
    }

    void write(Path file) throws IOException {
        String lines = results.stream().map(GSON::toJson).collect(Collectors.joining(",\n"));
        Files.writeString(
                file,
                "{\"machine\": " + GSON.toJson(machine) + ",\n\"skipped\": " + GSON.toJson(skipped) + ",\n\"results\": [\n" + lines
                        + "\n]}\n");
    }
}
