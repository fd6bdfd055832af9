// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.Checkpoint;
import io.standpipe.cli.criu.DumpFiles;
import io.standpipe.testkit.Host;
import io.standpipe.testkit.PipeHolder;
import io.standpipe.testkit.TestProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the table of docs/EXIT-CODES.md. What needs no shell runs in one JVM. */
class ExitCodesPageTest {

    private static final Path PAGE = Path.of("docs", "EXIT-CODES.md");
    private static final Pattern ROW = Pattern.compile("\\| `([^`]*standpipe[^`]*)` \\| (\\d+) \\|.*");
    private static final Pattern NEEDS_A_SHELL = Pattern.compile(" > | -- |^nobody");
    private static final int PIPE_BYTES = 65_536;

    @TempDir
    Path directory;

    private record Row(String command, int code) {}

    private static List<Row> rows() throws IOException {
        List<Row> rows = new ArrayList<>();
        for (String line : Files.readAllLines(PAGE)) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                rows.add(new Row(row.group(1), Integer.parseInt(row.group(2))));
            }
        }
        return rows;
    }

    @Test
    void everyCommandIsInTheTable() throws IOException {
        Set<String> verbs = new TreeSet<>(Verbs.allNames());
        verbs.removeAll(Set.of("help", "demo"));
        rows().forEach(row -> verbs.removeIf(verb -> row.command().contains("standpipe " + verb)));
        assertEquals(Set.of(), verbs);
    }

    @Test
    void everyCodeOfOursIsInTheTable() throws IOException {
        Set<Integer> codes = new TreeSet<>(Set.of(
                ExitCode.DONE, ExitCode.FAILED, ExitCode.USAGE, ExitCode.IMAGE_REFUSED, ExitCode.UNAVAILABLE, ExitCode.NO_COMMAND_RUN, 126, 127));
        rows().forEach(row -> codes.remove(row.code()));
        assertEquals(Set.of(), codes);
        assertTrue(Files.readString(PAGE).contains("\n| " + ExitCode.READER_GONE + " |"));
    }

    @BeforeEach
    void makeImages() throws Exception {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(directory.resolve("notes"), "nothing that standpipe has written\n".repeat(10));
        Path image = PipeHolder.save(directory.resolve("app.ckpt"), "4", "-", "payload");
        byte[] bytes = Files.readAllBytes(image);
        Files.write(directory.resolve("cut.ckpt"), Arrays.copyOf(bytes, bytes.length / 2));
        DumpFiles.copy("pipes", directory);
        Files.move(directory.resolve("pipes"), directory.resolve("dump"));
        DumpFiles.copy("pipes", directory);
        Files.move(directory.resolve("pipes"), directory.resolve("cut-dump"));
        Files.write(directory.resolve("cut-dump/files.img"), new byte[3]);
        try (PipeHolder one = PipeHolder.of("4", "-", "one"); PipeHolder two = PipeHolder.of("4", "-", "two")) {
            Checkpoint.ofProcesses(one.pid(), two.pid()).writeTo(directory.resolve("two.ckpt"));
        }
    }

    @Test
    void eachLineOfTheTableIsTrue() throws Exception {
        Host.assumeUnrelatedProcessesCanBeSaved();
        OtherUser nobody = OtherUser.in(Files.createDirectory(directory.resolve("user")));
        List<String> wrong = new ArrayList<>();
        try (TestProcess pipeline = TestProcess.shellWithoutPipes("seq 1 1000000 | sleep 1000")) {
            int reader = pipeline.awaitDescendant("sleep");
            TestProcess.awaitQueued(reader, 0, PIPE_BYTES);
            List<Row> inOneJvm = new ArrayList<>();
            for (Row row : rows()) {
                if (NEEDS_A_SHELL.matcher(row.command()).find()) {
                    check(row, inShell(nobody, row.command().replace("$PID", Integer.toString(reader))), wrong);
                } else {
                    inOneJvm.add(row);
                }
            }
            List<String> found = inOneJvm(inOneJvm.stream().map(row -> row.command().replace("$PID", Integer.toString(reader))).toList());
            for (int i = 0; i < inOneJvm.size(); i++) {
                check(inOneJvm.get(i), found.get(i), wrong);
            }
        }
        assertEquals(List.of(), wrong);
    }

    private static void check(Row row, String found, List<String> wrong) {
        if (!found.startsWith(row.code() + "\t")) {
            wrong.add(row + ", but: " + found);
        }
    }

    private String inShell(OtherUser nobody, String command) throws Exception {
        List<String> ours = CommandRun.java(System.getProperty("java.class.path"), Main.class.getName());
        String line = command.startsWith("nobody ")
                ? command.replaceFirst("nobody standpipe", Matcher.quoteReplacement(String.join(" ", nobody.java(Main.class))))
                : command.replaceFirst("standpipe", Matcher.quoteReplacement(String.join(" ", ours)));
        CommandRun run = CommandRun.program(List.of("sh", "-c", "cd '" + directory + "'; " + line));
        return run.exitStatus + "\t" + run.err;
    }

    private List<String> inOneJvm(List<String> commands) throws Exception {
        Path lines = directory.resolve("lines");
        Path results = directory.resolve("results");
        Files.write(lines, commands.stream().map(each -> String.join("\t", each.split(" ")).replaceFirst("^standpipe\t?", "")).toList());
        String driver = String.join(" ", CommandRun.java(System.getProperty("java.class.path"), MistakesDriver.class.getName()));
        CommandRun.program(List.of("sh", "-c", "cd '" + directory + "'; exec " + driver + " " + lines + " " + results));
        List<String> found = Files.readAllLines(results);
        assertEquals(commands.size(), found.size());
        return found;
    }
}
