// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.Checkpoint;
import io.standpipe.testkit.Await;
import io.standpipe.testkit.Host;
import io.standpipe.testkit.PipeHolder;
import io.standpipe.testkit.TestProcess;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Mistakes that people make, and what each gets: the table mistakes.txt. All of one user run in one JVM. */
class MistakesTest {

    private static final String NOBODY = "nobody ";
    private static final String ANYTHING = "{*}";
    private static final int LONG_NAME = 300;
    private static final Pattern UNLIKE_PEOPLE =
            Pattern.compile("flags=|fd=\\d|\\bE(PERM|NOENT|ACCES|INVAL|NOSPC|MFILE|NOTDIR|LOOP|BADF)\\b|Exception|\\tat |PATH \\(|folder");

    @TempDir
    static Path home;

    private static final Map<String, String> NAMES = new HashMap<>();
    private static final List<AutoCloseable> PROCESSES = new ArrayList<>();
    private static final Map<String, String> RESULTS = new HashMap<>();

    private record Mistake(String words, int status, String said) {

        @Override
        public String toString() {
            return words.isEmpty() ? "nothing" : words;
        }
    }

    @BeforeAll
    static void makeMistakes() throws Exception {
        Host.assumeUnrelatedProcessesCanBeSaved();
        makeFiles();
        makeProcesses();
        makeImages();
        List<Mistake> all = mistakes();
        run(all.stream().map(Mistake::words).filter(words -> !words.startsWith(NOBODY)).toList(),
                CommandRun.java(System.getProperty("java.class.path"), MistakesDriver.class.getName()));
        if (Host.isRoot()) {
            OtherUser nobody = OtherUser.in(Files.createDirectory(home.resolve("user")));
            nobody.directory("own");
            run(all.stream().map(Mistake::words).filter(words -> words.startsWith(NOBODY)).toList(), nobody.java(MistakesDriver.class));
        }
    }

    private static void makeFiles() throws Exception {
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.createDirectory(name("directory", "backup"));
        Files.writeString(name("text", "notes"), "nothing that standpipe has written\n".repeat(10));
        Files.createDirectory(home.resolve("closed"), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.createFile(name("empty", "empty.ckpt"));
        Files.createSymbolicLink(name("loop", "loop"), home.resolve("loop"));
        Files.createSymbolicLink(name("link", "link.ckpt"), home.resolve("app.ckpt"));
        assertEquals(0, new ProcessBuilder("mkfifo", name("fifo", "fifo").toString()).inheritIO().start().waitFor());
        name("missing", "missing");
        name("new", "new.ckpt");
        name("long", "x".repeat(LONG_NAME));
        NAMES.put("home", home.toString());
    }

    private static void makeProcesses() throws Exception {
        PipeHolder reader = PipeHolder.of("4", "-", "payload");
        TestProcess other = TestProcess.shellWithoutPipes("exec sleep 1000 4<>'" + NAMES.get("fifo") + "' 5<'" + NAMES.get("text")
                + "' 6</dev/null 7<'" + NAMES.get("directory") + "'").awaitBecome("sleep");
        TestProcess parent = TestProcess.shellWithoutPipes("sleep 0 & exec sleep 1000").awaitBecome("sleep");
        PROCESSES.addAll(List.of(reader, other, parent));
        NAMES.put("reader", Long.toString(reader.pid()));
        NAMES.put("other", Integer.toString(other.pid()));
        NAMES.put("zombie", Integer.toString(zombieOf(parent.pid())));
    }

    private static int zombieOf(int parent) {
        int[] found = new int[1];
        Await.until("a child is a zombie", () -> {
            String children = Files.readString(Path.of("/proc/" + parent + "/task/" + parent + "/children")).strip();
            found[0] = children.isEmpty() ? 0 : Integer.parseInt(children);
            return found[0] != 0 && TestProcess.state(found[0]) == 'Z';
        });
        return found[0];
    }

    private static void makeImages() throws Exception {
        long reader = Long.parseLong(NAMES.get("reader"));
        Checkpoint.ofProcess(reader).writeTo(name("image", "app.ckpt"));
        try (PipeHolder second = PipeHolder.of("4", "-", "more")) {
            Checkpoint.ofProcesses(reader, second.pid()).writeTo(name("two", "two.ckpt"));
        }
        Checkpoint.ofProcess(Integer.parseInt(NAMES.get("other")), 4).writeTo(name("named", "fifo.ckpt"));
        byte[] image = Files.readAllBytes(home.resolve("app.ckpt"));
        Files.write(name("cut", "cut.ckpt"), Arrays.copyOf(image, image.length / 2));
        image[image.length / 4] ^= 1;
        Files.write(name("damaged", "damaged.ckpt"), image);
        Files.setPosixFilePermissions(home.resolve("app.ckpt"), PosixFilePermissions.fromString("rw-------"));
    }

    private static Path name(String name, String file) {
        Path path = home.resolve(file);
        NAMES.put(name, path.toString());
        return path;
    }

    private static void run(List<String> mistakes, List<String> driver) throws Exception {
        Path commands = home.resolve("commands-" + RESULTS.size());
        Path results = home.resolve("user/own").toFile().exists() ? home.resolve("user/own/results") : home.resolve("results");
        Files.write(commands, mistakes.stream().map(words -> String.join("\t", words(words))).toList());
        List<String> command = new ArrayList<>(driver);
        command.addAll(List.of(commands.toString(), results.toString()));
        CommandRun run = CommandRun.program(command);
        List<String> lines = Files.exists(results) ? Files.readAllLines(results) : List.of();
        assertEquals(mistakes.size(), lines.size(), () -> "the JVM has become something else behind " + lines + "; it said " + run.err);
        for (int i = 0; i < lines.size(); i++) {
            RESULTS.put(mistakes.get(i), lines.get(i));
        }
    }

    private static List<String> words(String typed) {
        List<String> words = new ArrayList<>();
        for (String word : typed.replaceFirst("^" + NOBODY, "").split(" ", -1)) {
            words.add(word.equals("''") ? "" : named(word));
        }
        return typed.isEmpty() ? List.of() : words;
    }

    private static String named(String text) {
        String result = text;
        for (Map.Entry<String, String> each : NAMES.entrySet()) {
            result = result.replace("{" + each.getKey() + "}", each.getValue());
        }
        return result;
    }

    @AfterAll
    static void endProcesses() throws Exception {
        for (AutoCloseable each : PROCESSES) {
            each.close();
        }
    }

    static List<Mistake> mistakes() throws IOException {
        List<Mistake> mistakes = new ArrayList<>();
        try (InputStream table = Objects.requireNonNull(MistakesTest.class.getResourceAsStream("mistakes.txt"))) {
            for (String line : new String(table.readAllBytes(), StandardCharsets.UTF_8).lines().toList()) {
                if (!line.isBlank() && !line.startsWith("#")) {
                    String[] columns = line.split(" \\| ", 3);
                    mistakes.add(new Mistake(columns[0].strip(), Integer.parseInt(columns[1].strip()), columns[2].strip()));
                }
            }
        }
        return mistakes;
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void mistakeGetsItsStatusAndMessage(Mistake mistake) {
        if (mistake.words().startsWith(NOBODY)) {
            Host.assumeRoot();
        }
        String[] result = RESULTS.get(mistake.words()).split("\t", -1);
        String expected = ("standpipe: " + named(mistake.said())) + "\\n";
        Pattern pattern = Pattern.compile(
                Arrays.stream(expected.split(Pattern.quote(ANYTHING), -1)).map(Pattern::quote).reduce((a, b) -> a + ".*" + b).orElse(""));
        assertTrue(pattern.matcher(result[2]).matches(), () -> "expected: " + expected + "\n but was: " + result[2]);
        assertEquals(Integer.toString(mistake.status()), result[0], result[2]);
        assertEquals("", result[1]);
        assertTrue(!UNLIKE_PEOPLE.matcher(result[2]).find(), () -> "nobody talks like this: " + result[2]);
        assertEquals(1, result[2].split("\\\\n").length, () -> "one line is expected: " + result[2]);
    }

    @Test
    void nothingIsLeftBehind() {
        assertTrue(Files.notExists(home.resolve("new.ckpt")));
        assertTrue(Arrays.stream(Objects.requireNonNull(home.toFile().list())).noneMatch(name -> name.startsWith(".standpipe")));
    }

    @Test
    void tableIsLongEnough() throws IOException {
        assertTrue(mistakes().size() >= 60, () -> "the table has lost lines");
    }
}
