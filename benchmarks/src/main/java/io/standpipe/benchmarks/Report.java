// SPDX-License-Identifier: Apache-2.0
package io.standpipe.benchmarks;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Writes the report: tables in Markdown and charts, from the JSON that the parts have left. */
public final class Report {

    /** Calls that are made for many pipes at once are counted and not listed. */
    private static final double RARE = 0.05;

    private static final String STANDPIPE_AXIS = "faster  \u2190  times as long as Standpipe  \u2192  slower";

    private final Path from;
    private final Path to;
    private final StringBuilder page = new StringBuilder("# One run of the benchmarks\n\n");

    private Report(Path from, Path to) {
        this.from = from;
        this.to = to;
    }

    /** Arguments: the directory of the results, and the directory of the report. */
    public static void main(String[] arguments) throws IOException {
        Report report = new Report(Path.of(arguments[0]), Files.createDirectories(Path.of(arguments[1])));
        report.write();
    }

    private void write() throws IOException {
        ResultFile window = results("window");
        ResultFile images = results("images");
        ResultFile streams = results("streams");
        ResultFile process = results("process");
        ResultFile growth = results("growth");
        ResultFile startup = results("startup");
        ResultFile criu = results("criu");
        List<Costs.Cost> costs = List.of(read("costs.json", Costs.Cost[].class));
        List<ComesBack.Row> comesBack =
                of(criu, BesideCriu.DUMP).isEmpty() ? List.of() : List.of(read("criu-comes-back.json", ComesBack.Row[].class));
        Measured measured = new Measured(
                Stream.of(window, images, streams, process, growth, startup, criu).flatMap(file -> file.results().stream()).toList(), costs);
        List<Targets.Target> targets = Targets.of(measured);
        Summary.of(measured, comesBack, targets).forEach(line -> page.append("- ").append(line).append('\n'));
        howToRead(criu); // the last part, at whose end the load was read
        targets(targets);
        window(window);
        images(images, criu);
        part(process, OtherProcess.PROCESS, "Another process", "How long it takes to save the pipes of another process, from finding them to the"
                + " image, which is in memory and not synced. The floor knows its threads and fds; it copies one end of each pipe, freezes the process,"
                + " tees, thaws it and writes.", "File system");
        part(streams, Streams.STREAM, "Streams", "How long it takes to save pipes of the same process into a pipe, from which another process"
                + " reads and keeps nothing.", "Into");
        growth(growth);
        costs(costs);
        command(startup);
        calls();
        criu(criu, comesBack);
        Files.writeString(to.resolve("README.md"), page);
    }

    private void howToRead(ResultFile file) {
        section("How to read it", "Written by `run.sh`; [../README.md](../README.md) says what is measured and how, [../TRIED.md](../TRIED.md) what was tried"
                + " to make it faster. A set such as 100x64KiB is 100 pipes with 64 KiB queued in each. Every time is a median over"
                + " 7 to 1001 rounds, as many as fit into some seconds, in which the contenders took one turn each. The number behind it is the median"
                + " of the ratios to the first contender's time in the same round, which a busy machine changes less than the times; it is not"
                + " the ratio of the two medians. A ratio of 2 is twice as long.\n\n"
                + "A clone is a pipe with the same bytes, made by tee. A slot is one of the buffers that the kernel has for a pipe, a packet a"
                + " slot that a read takes as a whole (O_DIRECT). The ends of a pipe are open file descriptions, which fds refer to.");
        file.machine().forEach((name, value) -> page.append("- ").append(name).append(": ").append(value).append('\n'));
    }

    private void targets(List<Targets.Target> targets) {
        section("Targets", "What the figures should be. They are no tests: a busy machine misses some. Beside the floor means how many times as"
                + " long as the C program that makes only the calls that must be made, unless the line says otherwise.");
        page.append("| Work | Target | Here | Reached | What else is in the figure |\n|---|---:|---:|---|---|\n");
        for (Targets.Target target : targets) {
            row(target.work(), (target.atMost() ? "at most " : "at least ") + Numbers.number(target.bar()),
                    target.found().map(Numbers::number).orElse("not measured"),
                    target.found().isEmpty() ? "" : target.isReached() ? "yes" : "**no**", target.rest());
        }
    }

    /** Reads a part's results and copies the file to the report. */
    private ResultFile results(String part) throws IOException {
        copy(part + ".json");
        return ResultFile.read(from.resolve(part + ".json"));
    }

    private <T> T read(String file, Class<T> type) throws IOException {
        copy(file);
        return new Gson().fromJson(Files.readString(from.resolve(file)), type);
    }

    private void copy(String file) throws IOException {
        Files.copy(from.resolve(file), to.resolve(file), StandardCopyOption.REPLACE_EXISTING);
    }

    private void window(ResultFile file) throws IOException {
        section("The frozen window", "How long another process is frozen, from when its first thread is interrupted until the last one is"
                + " detached, while its pipes are captured; the image is written when the process runs again or, with"
                + " `--write-while-frozen`, before. Up to 16 pipes are always copied, so that pages which a program lent to them do not"
                + " matter.");
        chart("How long another process is frozen while its pipes are saved, compared with Standpipe", "window.png", STANDPIPE_AXIS,
                groups(of(file, FrozenWindow.WINDOW), ""), List.of(Notes.HOW_TO_READ, Notes.FLOOR_WINDOW, Notes.COPIED, Notes.JAVA_WINDOW, Notes.CRIU_WINDOW));
        table("Pipes", "Images on", of(file, FrozenWindow.WINDOW));
        skipped(file);
        section("The frozen window by threads", "The same for a process with one pipe and so many threads, each of which has to stop.");
        table("Threads", "For", of(file, FrozenWindow.BY_THREADS));
        section("The frozen window in a new JVM", "How long another process is frozen for the first snapshot that a JVM takes, in which nothing is compiled"
                + " yet: that is what a command's user gets.");
        table("Pipes", "Images on", of(file, FrozenWindow.FIRST_WINDOW));
    }

    private void images(ResultFile file, ResultFile criu) throws IOException {
        section("Checkpoint", "How long it takes to save pipes of the same process to a new file, until file and directory are synced.");
        Map<String, List<Result>> groups = groups(of(file, Images.CHECKPOINT), ", of the same process");
        groups.putAll(groups(of(criu, BesideCriu.DUMP), ", of another process"));
        chart("How long it takes to save pipes to a file, compared with Standpipe", "checkpoint.png", STANDPIPE_AXIS, groups,
                List.of(Notes.HOW_TO_READ, Notes.FLOOR, Notes.JAVA, Notes.CRIU, Notes.COMMAND));
        table("Pipes", "File system", of(file, Images.CHECKPOINT));
        section("Restore", "How long it takes to restore such pipes from a file in the page cache, until all are open: at new fds, or in"
                + " place of the pipes that this JVM has, where it also looks who else holds these.");
        groups = groups(of(file, Images.RESTORE), "");
        groups.putAll(groups(of(criu, BesideCriu.RESTORE), ", of another process"));
        chart("How long it takes to restore pipes from a file, compared with Standpipe", "restore.png", STANDPIPE_AXIS, groups,
                List.of(Notes.HOW_TO_READ, Notes.FLOOR, Notes.JAVA_RESTORE, Notes.IN_PLACE, Notes.CRIU, Notes.COMMAND));
        table("Pipes", "File system", of(file, Images.RESTORE));
        skipped(file);
    }

    /** A section with one table. */
    private void part(ResultFile file, String benchmark, String title, String sentence, String whereTitle) {
        section(title, sentence);
        table("Pipes", whereTitle, of(file, benchmark));
        skipped(file);
    }

    private void growth(ResultFile file) {
        section("Growth", "What each pipe costs where there are few and where there are many, all of one other process, and what each process costs"
                + " that has one pipe. The image of many pipes is written while the process is frozen, by one clone for all, which takes fewer fds and calls.");
        table("Pipes", "File system", of(file, Growth.PIPES));
        page.append('\n');
        table("Pipes of each process", "File system", of(file, Growth.PROCESSES));
        skipped(file);
    }

    private void costs(List<Costs.Cost> costs) {
        section("Budgets", "What a pipe of the same process with both its ends costs a checkpoint and a restore besides time, beside the most that"
                + " it may cost: bytes of the Java heap in a warm JVM, and those system calls that pipes and files are for, counted by strace.");
        page.append("| Work | Pipes | Heap bytes a pipe | Budget | Calls a pipe | Budget | Most of them |\n|---|---|---:|---:|---:|---:|---|\n");
        for (Costs.Cost cost : costs) {
            String which = cost.callsPerPipe().entrySet().stream()
                    .filter(call -> call.getValue() >= RARE)
                    .map(call -> call.getKey() + " " + Numbers.number(call.getValue()))
                    .collect(Collectors.joining(", "));
            row(cost.work(), cost.set(), Numbers.number(cost.heapBytesPerPipe()), Integer.toString(Costs.HEAP_BUDGET_BYTES),
                    which.isEmpty() ? "not counted" : Numbers.number(cost.callsOfPipe()), Costs.CALL_BUDGETS.get(cost.work()).toString(), which);
        }
    }

    private void command(ResultFile file) throws IOException {
        section("The command", "How long commands take from their start to their end, and their peak memory, beside a Hello World in the same"
                + " JVM with the same options and, where CRIU does the like, beside `criu check` and `criu dump`.");
        Map<String, List<Result>> groups = new LinkedHashMap<>();
        of(file, StartUp.COMMAND).forEach(result -> groups.computeIfAbsent(
                result.set() + ", " + result.where(), none -> new ArrayList<>()).add(result));
        chart("How long a command takes from its start to its end, compared with Hello World in Java", "startup.png",
                "faster  \u2190  times as long as Hello World  \u2192  slower", groups,
                List.of(Notes.HOW_TO_READ_STARTUP, Notes.HELLO, Notes.CRIU_COMMANDS));
        table("Command", "Started as", of(file, StartUp.COMMAND));
        skipped(file);
    }

    /** JMH writes its own results. */
    private void calls() throws IOException {
        section("Single calls", "By JMH, with the error of a confidence of 99.9 %. NativeCall: a call for an empty pipe, which is the way out of the JVM and"
                + " back, by Standpipe, JNA and Netty. Stream: an image of a full pipe into a byte array or a socket, which copies and checks it, beside as many bytes"
                + " of the heap. TeeAndSplice: what is in a full pipe moved to another by splice, cloned by tee and the clone discarded, or read and"
                + " written.");
        page.append("| Benchmark | Bytes | Time | Error |\n|---|---:|---:|---:|\n");
        for (JsonElement element : JsonParser.parseString(Files.readString(from.resolve("jmh.json"))).getAsJsonArray()) {
            JsonObject result = element.getAsJsonObject();
            JsonObject metric = result.getAsJsonObject("primaryMetric");
            String bytes = result.has("params") ? result.getAsJsonObject("params").get("lengthBytes").getAsString() : "0";
            row(result.get("benchmark").getAsString().replaceFirst(".*\\.(\\w+)Benchmark\\.", "$1, "), bytes,
                    Numbers.number(metric.get("score").getAsDouble()) + " us", Numbers.number(metric.get("scoreError").getAsDouble()) + " us");
        }
    }

    private void criu(ResultFile file, List<ComesBack.Row> comesBack) {
        section("CRIU", "CRIU and Standpipe with the same process by turns. CRIU saves a process with all that it has: a process with one empty"
                + " pipe, in the same rounds, shows what that takes without the others. CRIU's image is not synced, Standpipe's is where nothing else is said. What is restored is closed again. The charts above have the same figures.");
        skipped(file);
        if (of(file, BesideCriu.DUMP).isEmpty()) {
            return;
        }
        page.append("\nHow long saving the process, or its pipes, takes:\n\n");
        table("Pipes", "Images on", of(file, BesideCriu.DUMP));
        page.append("\nHow long restoring it takes:\n\n");
        table("Pipes", "Images on", of(file, BesideCriu.RESTORE));
        page.append("\nWhat a program could see of its pipes after it was saved, ended and restored, beside what it saw before:\n\n"
                + "| Pipes | CRIU | Standpipe |\n|---|---|---|\n");
        for (ComesBack.Row row : comesBack) {
            row(row.pipes(), row.criu(), row.standpipe());
        }
    }

    private static List<Result> of(ResultFile file, String benchmark) {
        return file.results().stream().filter(result -> result.benchmark().equals(benchmark)).toList();
    }

    /** Returns the results by set, on the first of the file systems alone. */
    private static Map<String, List<Result>> groups(List<Result> results, String of) {
        Map<String, List<Result>> groups = new LinkedHashMap<>();
        for (Result result : results) {
            if (result.where().equals(results.get(0).where())) {
                groups.computeIfAbsent(SetSize.parse(result.set()).words() + of, none -> new ArrayList<>()).add(result);
            }
        }
        return groups;
    }

    private void chart(String title, String file, String axis, Map<String, List<Result>> groups, List<String> notes) throws IOException {
        Charts.draw(title, axis, groups, notes, to.resolve(file));
        page.append("![").append(title).append("](").append(file).append(")\n\n");
    }

    private void section(String title, String sentence) {
        page.append("\n## ").append(title).append("\n\n").append(sentence).append("\n\n");
    }

    /** A row for each set and place, with a column for each contender. */
    private void table(String setTitle, String whereTitle, List<Result> results) {
        if (results.isEmpty()) {
            return;
        }
        String first = results.get(0).contender();
        Set<String> contenders = new LinkedHashSet<>();
        Map<List<String>, Map<String, Result>> rows = new LinkedHashMap<>();
        for (Result result : results) {
            contenders.add(result.contender());
            rows.computeIfAbsent(List.of(result.set(), result.where()), none -> new LinkedHashMap<>()).put(result.contender(), result);
        }
        page.append("| ").append(setTitle).append(" | ").append(whereTitle).append(" | ")
                .append(String.join(" | ", contenders)).append(" |\n|---|---|").append("---:|".repeat(contenders.size())).append('\n');
        rows.forEach((key, taken) -> {
            List<String> cells = new ArrayList<>(key);
            contenders.forEach(name -> cells.add(cell(taken.get(name), name.equals(first))));
            row(cells.toArray(String[]::new));
        });
    }

    /** @param result none where a contender cannot do it */
    private static String cell(Result result, boolean isFirst) {
        if (result == null) {
            return "";
        }
        String memory = result.peakMemoryKiB() > 0 ? ", " + Numbers.number(result.peakMemoryKiB() / 1024) + " MiB" : "";
        String ratio = isFirst ? "" : " (" + Numbers.number(result.ratio()) + ")";
        return Numbers.time(result.medianNanos()) + memory + ratio;
    }

    private void row(String... cells) {
        page.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }

    private void skipped(ResultFile file) {
        file.skipped().forEach(line -> page.append("\n- ").append(line).append('\n')); // the first one ends a table
    }
}
