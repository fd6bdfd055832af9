// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import com.google.gson.stream.JsonWriter;
import io.standpipe.CheckpointReport;
import io.standpipe.StartedCommand;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The reports of a checkpoint and of a restore as JSON; docs/checkpoint.schema.json and docs/restore.schema.json say what is in them. */
final class ReportJson {

    private static final int VERSION = 1;
    private static final int NANOS_PER_MICRO = 1000;

    private ReportJson() {}

    /** @param image null if it went to standard output */
    static JsonDocument.Body of(CheckpointReport report, @Nullable String image) {
        return json -> {
            begin(json, image);
            json.name("imageBytes").value(report.imageBytes());
            json.name("pids").beginArray();
            for (long pid : report.pids()) {
                json.value(pid);
            }
            json.endArray();
            json.name("descriptors").value(report.descriptors()).name("pipes").value(report.pipes());
            json.name("payloadBytes").value(report.payloadBytes());
            json.name("frozenMicros").value(micros(report.frozen())).name("writingMicros").value(micros(report.writing()));
            json.name("readers").beginArray();
            for (long pid : report.readers()) {
                json.value(pid);
            }
            json.endArray();
            json.name("unseenProcesses").value(report.unseenProcesses());
            strings(json, "deviations", report.notes());
            json.endObject();
        };
    }

    /** What a restore has come to, when the commands have the descriptors or are about to. */
    static final class Restored {

        private final @Nullable String image;
        private final List<String> deviations = new ArrayList<>();
        private long pipes;
        private long payloadBytes;

        /** @param image null if it came from standard input */
        Restored(@Nullable String image) {
            this.image = image;
        }

        void deviation(String sentence) {
            deviations.add(sentence);
        }

        void count(long allPipes, long allBytes) {
            pipes = allPipes;
            payloadBytes = allBytes;
        }

        /** @param command that this process is about to become */
        JsonDocument.Body becoming(List<String> command) {
            return json -> {
                begin(json);
                process(json, null, ProcessHandle.current().pid(), command);
                json.endArray().name("gone").beginArray().endArray().endObject();
            };
        }

        /** @param gone saved pids of the processes that got no command */
        JsonDocument.Body started(List<StartedCommand> commands, List<Long> gone) {
            return json -> {
                begin(json);
                for (StartedCommand each : commands) {
                    process(json, each.savedPid(), each.pid(), each.command());
                }
                json.endArray().name("gone").beginArray();
                for (long pid : gone) {
                    json.value(pid);
                }
                json.endArray().endObject();
            };
        }

        private void begin(JsonWriter json) throws IOException {
            ReportJson.begin(json, image);
            json.name("pipes").value(pipes).name("payloadBytes").value(payloadBytes);
            strings(json, "deviations", deviations);
            json.name("processes").beginArray();
        }
    }

    private static void begin(JsonWriter json, @Nullable String image) throws IOException {
        json.beginObject().name("version").value(VERSION);
        json.name("image").value(image);
    }

    private static void process(JsonWriter json, @Nullable Long savedPid, long pid, List<String> command) throws IOException {
        json.beginObject().name("savedPid").value(savedPid).name("pid").value(pid);
        strings(json, "command", command);
        json.endObject();
    }

    static void strings(JsonWriter json, String name, List<String> values) throws IOException {
        json.name(name).beginArray();
        for (String value : values) {
            json.value(value);
        }
        json.endArray();
    }

    private static long micros(Duration duration) {
        return duration.toNanos() / NANOS_PER_MICRO;
    }
}
