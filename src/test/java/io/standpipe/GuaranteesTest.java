// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every promise of docs/GUARANTEES.md names tests, and they are there. */
class GuaranteesTest {

    private static final Path PAGE = Path.of("docs/GUARANTEES.md");
    private static final Path SOURCES = Path.of("src/test/java");
    private static final Pattern TEST = Pattern.compile("`(\\w+Test)(?:\\.(\\w+))?`");
    private static final Pattern TEST_METHOD =
            Pattern.compile("@(?:Test|ParameterizedTest)\\b(?:(?!\\bvoid ).)*\\bvoid (\\w+)\\(", Pattern.DOTALL);

    @Test
    void everyNamedTestExists() throws IOException {
        Map<String, List<String>> methods = testMethods();
        List<String> missing = TEST.matcher(Files.readString(PAGE)).results()
                .filter(named -> !isThere(methods, named))
                .map(MatchResult::group)
                .toList();
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

    private static boolean isThere(Map<String, List<String>> methods, MatchResult named) {
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
