// SPDX-License-Identifier: Apache-2.0
package io.standpipe.docs;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.standpipe.testkit.Host;
import io.standpipe.testkit.TestJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The commands in the README and on the pages of docs/ print what is written there. The blocks of a page are run by one bash, in a new
 * directory, from the first to the last. {@code -Dstandpipe.docs.update=true} writes what they print into the pages instead.
 */
class DocumentedCommandsTest {

    private static final Path README = Path.of("README.md");
    private static final Path DOCS = Path.of("docs");

    @TempDir
    private Path directory;

    static List<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>(List.of(README));
        try (Stream<Path> files = Files.list(DOCS)) {
            files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(pages::add);
        }
        pages.removeIf(file -> read(file).steps().isEmpty());
        assertFalse(pages.isEmpty());
        return pages;
    }

    private static Page read(Path file) {
        try {
            return new Page(Files.readAllLines(file));
        } catch (IOException e) {
            throw new IllegalStateException("cannot read " + file, e);
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void commandsPrintWhatThePageSays(Path file) throws Exception {
        Host.assumeUnrelatedProcessesCanBeSaved();
        Page page = read(file);
        List<List<String>> printed = new ArrayList<>();
        try (DocumentShell shell = new DocumentShell(directory, TestJvm.command(Class.forName("io.standpipe.cli.Main")))) {
            for (Page.Step step : page.steps()) {
                printed.add(StableText.withoutUnseen(shell.run(step.command())));
            }
        }
        List<List<String>> shown = page.steps().stream().map(Page.Step::printed).toList();
        List<List<String>> expected = StableText.of(shown);
        List<List<String>> found = StableText.of(printed);
        if (Boolean.getBoolean("standpipe.docs.update")) {
            if (!expected.equals(found)) {
                Files.write(file, page.with(printed));
            }
            return;
        }
        assertAll(IntStream.range(0, expected.size()).mapToObj(i -> (Executable) () -> assertEquals(
                String.join("\n", expected.get(i)), String.join("\n", found.get(i)),
                file + ", line " + (page.steps().get(i).line() + 1) + ": " + page.steps().get(i).command())));
    }
}
