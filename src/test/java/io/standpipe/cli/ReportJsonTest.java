// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.standpipe.testkit.Host;
import io.standpipe.testkit.PipeHolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code checkpoint --json} and {@code restore --json}. */
class ReportJsonTest {

    @TempDir
    Path directory;

    private Path image;

    @BeforeEach
    void nameImage() {
        Host.assumeUnrelatedProcessesCanBeSaved();
        image = directory.resolve("app.ckpt");
    }

    static JsonObject valid(String schemaFile, String json) throws IOException {
        Schema schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(Files.readString(Path.of("docs", schemaFile)), InputFormat.JSON);
        assertEquals(List.of(), new ArrayList<>(schema.validate(json, InputFormat.JSON)), json);
        return JsonParser.parseString(json).getAsJsonObject();
    }

    @Test
    void checkpointReportsOnStandardOutput() throws Exception {
        try (PipeHolder holder = PipeHolder.of("4", "-", "payload")) {
            CommandRun run = CommandRun.here("checkpoint", "--pid", holder.pid(), "--json", "-o", image).succeeded();
            JsonObject report = valid("checkpoint.schema.json", run.out);
            assertEquals(image.toString(), report.get("image").getAsString());
            assertEquals(Files.size(image), report.get("imageBytes").getAsLong());
            assertEquals(7, report.get("payloadBytes").getAsLong());
            assertEquals(1, report.get("pipes").getAsInt());
            assertTrue(report.get("frozenMicros").getAsLong() > 0);
        }
    }

    @Test
    void checkpointReportsOnStandardErrorWhereTheImageGoesToStandardOutput() throws Exception {
        try (PipeHolder holder = PipeHolder.of("4", "-", "payload")) {
            CommandRun run = CommandRun.of("checkpoint", "--pid", holder.pid(), "--json", "--freeze", "none", "-o", "-");
            JsonObject report = valid("checkpoint.schema.json", run.err);
            assertTrue(report.get("image").isJsonNull());
            assertEquals(run.outBytes.length, report.get("imageBytes").getAsInt());
            assertEquals(0, report.get("frozenMicros").getAsInt());
        }
    }

    @Test
    void restoreReportsOnStandardErrorBeforeTheCommandBegins() throws Exception {
        PipeHolder.save(image, "4", "-", "payload");
        CommandRun run = CommandRun.of("restore", image, "--json", "--", "sh", "-c", "cat <&4; echo command >&2");
        assertEquals("payload", run.out);
        assertTrue(run.err.endsWith("}\ncommand\n"), run.err);
        JsonObject report = valid("restore.schema.json", run.err.replace("command\n", ""));
        assertEquals(7, report.get("payloadBytes").getAsInt());
        assertEquals(1, report.get("pipes").getAsInt());
        JsonObject process = report.getAsJsonArray("processes").get(0).getAsJsonObject();
        assertEquals(run.pid, process.get("pid").getAsLong());
        assertTrue(process.get("savedPid").isJsonNull());
    }

    @Test
    void restoreOfSeveralReportsWhichProcessIsWhichNow() throws Exception {
        PipeHolder.save(image, "4", "-", "payload");
        int saved = Integer.parseInt(CommandRun.here("show", "--json", image).out.replaceAll("(?s).*\"pid\": (\\d+).*", "$1"));
        CommandRun run = CommandRun.of("restore", image, "--json", "--run", saved + "=echo $$");
        JsonObject process = valid("restore.schema.json", run.err).getAsJsonArray("processes").get(0).getAsJsonObject();
        assertEquals(saved, process.get("savedPid").getAsInt());
        assertEquals(run.out.strip(), process.get("pid").getAsString());
    }

    @Test
    void whatCouldNotBeKeptIsInTheReport() throws Exception {
        try (PipeHolder holder = PipeHolder.of("-", "1", "")) {
            CommandRun.here("checkpoint", "--pid", holder.pid(), "-o", image);
        }
        CommandRun run = CommandRun.of("restore", image, "--json", "--", "true");
        JsonObject report = valid("restore.schema.json", run.err);
        assertTrue(report.getAsJsonArray("deviations").toString().contains("nobody is left to read it"), run.err);
    }
}
