// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/GUARANTEES.md names tests for every promise; the tests that it and other pages name exist. */
class GuaranteesTest {

    private static final Path PAGE = Path.of("docs/GUARANTEES.md");
    private static final List<Path> OTHER_PAGES = List.of(
            Path.of("docs/ARCHITECTURE.md"), Path.of("docs/IMAGE.md"), Path.of("CONTRIBUTING.md"),
            Path.of("toolchain/test-arm64.sh"));
    private static final Path SOURCES = Path.of("src/test/java");

    /** A class, and a method behind a dot or #; a pattern such as {@code FooTest#a*} names the class only. */
    private static final Pattern TEST = Pattern.compile("\\b([A-Z]\\w+Test)\\b(?:[.#](\\w+)\\b(?!\\*))?");
    private static final Pattern TEST_METHOD =
            Pattern.compile("@(?:Test|ParameterizedTest)\\b(?:(?!\\bvoid ).)*\\bvoid (\\w+)\\(", Pattern.DOTALL);

    @Test
    void everyNamedTestExists() throws IOException {
        Map<String, List<String>> methods = testMethods();
        List<Path> pages = new ArrayList<>(OTHER_PAGES);
        pages.add(PAGE);
        List<String> missing = new ArrayList<>();
        for (Path page : pages) {
            TEST.matcher(Files.readString(page)).results()
                    .filter(named -> !exists(methods, named))
                    .forEach(named -> missing.add(page + ": " + named.group()));
        }
        assertEquals(List.of(), missing);
    }

    @Test
    void everyPromiseNamesATest() throws IOException {
        List<String> promises = Files.readAllLines(PAGE).stream()
                .filter(line -> line.startsWith("| ") && !line.startsWith("| promise"))
                .toList();
        assertTrue(promises.size() > 20, promises.toString());
        for (String promise : promises) {
            String tests = promise.substring(0, promise.lastIndexOf('|'));
            assertTrue(TEST.matcher(tests.substring(tests.lastIndexOf('|'))).find(), promise);
        }
    }

    private static boolean exists(Map<String, List<String>> methods, MatchResult named) {
        List<String> found = methods.get(named.group(1));
        return found != null && (named.group(2) == null || found.contains(named.group(2)));
    }

    private static Map<String, List<String>> testMethods() throws IOException {
        Map<String, List<String>> methods = new TreeMap<>();
        try (Stream<Path> files = Files.walk(SOURCES)) {
            for (Path file : files.filter(path -> path.toString().endsWith("Test.java")).toList()) {
                methods.put(
                        file.getFileName().toString().replace(".java", ""),
                        TEST_METHOD.matcher(Files.readString(file)).results().map(found -> found.group(1)).toList());
            }
        }
        return methods;
    }
}
