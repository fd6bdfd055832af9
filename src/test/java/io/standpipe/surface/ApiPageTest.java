// SPDX-License-Identifier: Apache-2.0
package io.standpipe.surface;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** docs/API.md has twenty things that people do, and every public type, with a sentence that says what it is and why it is public. */
class ApiPageTest {

    private static final Path PAGE = Path.of("docs/API.md");
    private static final Pattern THING = Pattern.compile("^\\*\\*(\\d+)\\. ", Pattern.MULTILINE);
    private static final Pattern ROW = Pattern.compile("^\\| `([\\w.]+)` \\| ([A-Z][^|]*\\.) \\| (\\w[^|]*) \\|$", Pattern.MULTILINE);

    private static List<MatchResult> rows() throws IOException {
        return ROW.matcher(Files.readString(PAGE)).results().toList();
    }

    @Test
    void everyPublicTypeIsOnThePageOnce() throws Exception {
        List<String> types = PublicTypes.all().stream()
                .map(type -> (type.getPackageName() + "." + PublicTypes.name(type)).substring("io.standpipe.".length()))
                .sorted()
                .toList();
        assertEquals(String.join("\n", types), String.join("\n", rows().stream().map(row -> row.group(1)).sorted().toList()));
    }

    @Test
    void noTwoTypesAreTheSame() throws IOException {
        List<String> sentences = rows().stream().map(row -> row.group(2)).toList();
        assertEquals(sentences.stream().distinct().toList(), sentences);
    }

    @Test
    void thereAreTwentyThingsThatPeopleDo() throws IOException {
        String page = Files.readString(PAGE);
        List<String> numbers = THING.matcher(page).results().map(match -> match.group(1)).toList();
        assertEquals(IntStream.rangeClosed(1, 20).mapToObj(Integer::toString).toList(), numbers);
        for (String thing : page.substring(page.indexOf("**1. "), page.indexOf("## What is promised")).split("(?m)^(?=\\*\\*\\d+\\. )")) {
            assertTrue(thing.contains("```java\n"), () -> "no code: " + thing);
        }
    }
}
