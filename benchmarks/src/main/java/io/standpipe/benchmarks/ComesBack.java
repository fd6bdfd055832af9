// SPDX-License-Identifier: Apache-2.0
package io.standpipe.benchmarks;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.standpipe.Checkpoint;
import io.standpipe.Restore;
import io.standpipe.StartedCommands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What of a process's pipes is as before when it was saved, ended and restored: by CRIU, and by Standpipe. Both are looked at by
 * Standpipe, which saves the process once more.
 */
final class ComesBack {

    static final String AS_BEFORE = "as before";

    /** What the C program calls them, and what a reader does. */
    private static final Map<String, String> KINDS = kinds();

    private final Criu criu;
    private final Scratch scratch;
    private final JsonArray told = new JsonArray();

    private ComesBack(Criu criu, Scratch scratch) {
        this.criu = criu;
        this.scratch = scratch;
    }

    private static Map<String, String> kinds() {
        Map<String, String> kinds = new LinkedHashMap<>();
        kinds.put("packets", "packets of 10, 20 and 30 bytes (O_DIRECT)");
        kinds.put("packets-no-more", "the same, and then the flag was cleared");
        kinds.put("full-by-slots", "full by slots: 16 buffers of one byte");
        kinds.put("partly-read", "5,000 bytes, 100 of which were read");
        kinds.put("write-end-alone", "the write end alone, with bytes queued, capacity 128 KiB");
        kinds.put("read-end-alone", "the read end alone, with bytes queued");
        kinds.put("resized", "capacities of 1 MiB, empty, and of 128 KiB");
        kinds.put("shared", "a number twice, and each end opened once more with O_NONBLOCK");
        kinds.put("owned", "owner 1234, group 4321, mode 0640");
        kinds.put("signals", "O_ASYNC, F_SETOWN and F_SETSIG");
        kinds.put("many", "1,100 pipes");
        return kinds;
    }

    /** Tries all kinds, and leaves behind what came of it. */
    static void tell(Criu criu, Scratch scratch, Path result) throws IOException {
        ComesBack comesBack = new ComesBack(criu, scratch);
        for (Map.Entry<String, String> kind : KINDS.entrySet()) {
            comesBack.tryKind(kind.getKey(), kind.getValue());
        }
        Files.writeString(result, new GsonBuilder().setPrettyPrinting().create().toJson(comesBack.told) + "\n");
    }

    private void tryKind(String kind, String words) throws IOException {
        scratch.clear();
        JsonObject row = new JsonObject();
        row.addProperty("pipes", words);
        long pid;
        int[] numbers;
        String refused = null;
        PipeAspects before;
        try (PipeHolder holder = PipeHolder.odd(kind)) {
            pid = holder.pid();
            Checkpoint.ofProcess(pid).writeTo(scratch.image());
            before = PipeAspects.of(scratch.image());
            numbers = before.numbers();
            try {
                criu.dumpNow(pid, scratch.images());
            } catch (IOException e) {
                refused = e.getMessage();
            }
        }
        row.addProperty("criu", refused != null ? refused : byCriu(pid, numbers, before));
        row.addProperty("standpipe", byStandpipe(pid, numbers, before));
        System.out.printf("%-60s criu: %s; standpipe: %s%n", words, row.get("criu"), row.get("standpipe"));
        told.add(row);
    }

    private String byCriu(long pid, int[] numbers, PipeAspects before) throws IOException {
        try {
            criu.restoreNow(scratch.images());
            return before.difference(PipeAspects.of(pid, numbers, scratch.second()));
        } catch (IOException e) {
            return e.getMessage();
        } finally {
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    private String byStandpipe(long pid, int[] numbers, PipeAspects before) throws IOException {
        StartedCommands started =
                Restore.from(scratch.image()).start(Map.of((int) pid, List.of("sleep", "1000")));
        try {
            List<String> all = new ArrayList<>(started.deviations());
            all.add(before.difference(PipeAspects.of(started.commands().get(0).pid(), numbers, scratch.second())));
            return String.join("; ", all);
        } finally {
            started.commands().get(0).destroy();
            started.commands().get(0).waitFor();
        }
    }
}
