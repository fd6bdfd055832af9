// SPDX-License-Identifier: Apache-2.0
package io.standpipe.benchmarks;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.standpipe.Checkpoint;
import io.standpipe.Restore;
import io.standpipe.StartedCommand;
import io.standpipe.StartedCommands;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What of the pipes of a process is as before when the process was saved, ended and restored, by CRIU and by Standpipe. Before and
 * after, "standpipe show --json" says what there is.
 */
final class ComesBack {

    static final String AS_BEFORE = "as before";

    /** What came back of one kind of pipes, in words. */
    record Row(String pipes, String criu, String standpipe) {}

    /** The kinds, as the C program calls them and as the report does. */
    private static final String[][] KINDS = {
        {"packets", "packets of 10, 20 and 30 bytes (O_DIRECT)"},
        {"packets-no-more", "such packets, after which the flag was cleared"},
        {"full-by-slots", "full by slots: 16 slots of one byte"},
        {"partly-read", "5,000 bytes, 100 of which were read"},
        {"write-end-alone", "the write end alone, with bytes queued, capacity 128 KiB"},
        {"read-end-alone", "the read end alone, with bytes queued"},
        {"resized", "capacities of 1 MiB, empty, and of 128 KiB"},
        {"shared", "an fd duplicated, and each end opened once more with O_NONBLOCK"},
        {"owned", "owner 1234, group 4321, mode 0640"},
        {"signals", "O_ASYNC, F_SETOWN and F_SETSIG"},
        {"many", "1,100 pipes"},
    };

    /** What differs between any two images; and what another command in the place of the process has: its name, its arguments, and its
     * pipes after an exec. */
    private static final Set<String> NOT_COMPARED = Set.of(
            "sizeBytes", "creator", "time", "kernel", "records", "unknownRecords", "pid", "name", "arguments", "device", "inode", "payloadOffset",
            "closeOnExec");

    private static final Set<String> SLOTS = Set.of("buffers", "lastBufferEnd");

    /** An open sets this flag and a pipe2 does not; it means nothing for a pipe. */
    private static final int O_LARGEFILE = 0100000;

    private final Criu criu;
    private final Launcher launcher;
    private final Scratch images;

    ComesBack(Criu criu, Launcher launcher, Scratch images) {
        this.criu = criu;
        this.launcher = launcher;
        this.images = images;
    }

    void write(Path file) throws IOException {
        List<Row> rows = new ArrayList<>();
        for (String[] kind : KINDS) {
            Row row = row(kind[0], kind[1]);
            rows.add(row);
            System.out.println(row);
        }
        Files.writeString(file, new Gson().toJson(rows) + "\n");
    }

    private Row row(String kind, String words) throws IOException {
        images.clear();
        Path image = images.file("before.ckpt");
        Map<String, List<String>> before;
        String byCriu = null;
        long pid;
        try (PipeHolder holder = new PipeHolder("odd", kind)) {
            pid = holder.pid();
            Checkpoint.ofProcess(pid).writeTo(image);
            before = aspects(image, pid);
            try {
                criu.dumpNow(pid, images.directory());
            } catch (IOException e) {
                byCriu = e.getMessage();
            }
        }
        return new Row(words, byCriu == null ? byCriu(pid, before) : byCriu, byStandpipe(image, pid, before));
    }

    private String byCriu(long pid, Map<String, List<String>> before) throws IOException {
        try {
            criu.restoreNow(images.directory());
            return differences(before, pid);
        } catch (IOException e) {
            return e.getMessage();
        } finally {
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    private String byStandpipe(Path image, long pid, Map<String, List<String>> before) throws IOException {
        StartedCommands started = Restore.from(image).start(Map.of((long) pid, List.of("sleep", "1000")));
        StartedCommand command = started.commands().get(0);
        try {
            List<String> all = new ArrayList<>(started.deviations());
            all.add(differences(before, command.pid()));
            return String.join("; ", all);
        } finally {
            command.destroy();
            command.waitFor();
        }
    }

    /** Saves the same fds of a process once more and returns in words what differs. */
    private String differences(Map<String, List<String>> before, long pid) throws IOException {
        Path image = images.file("after.ckpt");
        Checkpoint.ofProcess(pid, before.get("fd").stream().mapToInt(Integer::parseInt).toArray()).writeTo(image);
        Map<String, List<String>> after = aspects(image, pid);
        List<String> different = before.keySet().stream().filter(name -> !before.get(name).equals(after.get(name))).toList();
        return different.isEmpty() ? AS_BEFORE : "differs in: " + String.join(", ", different);
    }

    /** Returns the values of each field of an image, in their order, and a hash of each payload. */
    private Map<String, List<String>> aspects(Path image, long pid) throws IOException {
        JsonObject shown = JsonParser.parseString(Command.output(launcher.command("show", "--json", image.toString())))
                .getAsJsonObject();
        Map<String, List<String>> aspects = new LinkedHashMap<>();
        collect("", shown, pid, aspects);
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "r")) {
            for (JsonElement pipe : shown.getAsJsonArray("pipes")) {
                byte[] payload = new byte[pipe.getAsJsonObject().get("queuedBytes").getAsInt()];
                file.seek(pipe.getAsJsonObject().get("payloadOffset").getAsLong());
                file.readFully(payload);
                add("bytes", Integer.toString(Arrays.hashCode(payload)), aspects);
            }
        }
        return aspects;
    }

    private static void collect(String name, JsonElement element, long pid, Map<String, List<String>> aspects) {
        if (SLOTS.contains(name)) {
            add("slots", element.toString(), aspects);
        } else if (element.isJsonObject()) {
            element.getAsJsonObject().entrySet().forEach(field -> collect(field.getKey(), field.getValue(), pid, aspects));
        } else if (element.isJsonArray()) {
            element.getAsJsonArray().forEach(one -> collect(name, one, pid, aspects));
        } else if (name.equals("flags")) {
            add(name, Integer.toOctalString(element.getAsInt() & ~O_LARGEFILE), aspects);
        } else if (name.equals("owner")) {
            add(name, element.getAsLong() == pid ? "itself" : element.getAsString(), aspects);
        } else if (!NOT_COMPARED.contains(name)) {
            add(name, element.isJsonNull() ? "none" : element.getAsString(), aspects);
        }
    }

    private static void add(String name, String value, Map<String, List<String>> aspects) {
        aspects.computeIfAbsent(name, none -> new ArrayList<>()).add(value);
    }
}
