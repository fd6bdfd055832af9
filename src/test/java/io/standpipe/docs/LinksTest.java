// SPDX-License-Identifier: Apache-2.0
package io.standpipe.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the pages link to exists, and the README is short. */
class LinksTest {

    private static final Path README = Path.of("README.md");
    private static final int MOST_README_LINES = 150;
    private static final Pattern LINK = Pattern.compile("]\\(([^)#\\s]*)(?:#([^)\\s]+))?\\)");
    private static final Pattern HEADING = Pattern.compile("^#+ (.*)$", Pattern.MULTILINE);

    private static List<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>();
        for (Path directory : List.of(Path.of("."), Path.of("docs"), Path.of("benchmarks"), Path.of("benchmarks/report"))) {
            try (Stream<Path> files = Files.list(directory)) {
                files.filter(file -> file.toString().endsWith(".md")).map(Path::normalize).forEach(pages::add);
            }
        }
        assertTrue(pages.contains(README));
        return pages;
    }

    @Test
    void everyLinkLeadsSomewhere() throws IOException {
        List<String> dead = new ArrayList<>();
        for (Path page : pages()) {
            LINK.matcher(Files.readString(page)).results()
                    .filter(link -> !link.group(1).startsWith("http") && !leadsSomewhere(page, link))
                    .forEach(link -> dead.add(page + ": " + link.group()));
        }
        assertEquals(List.of(), dead);
    }

    private static boolean leadsSomewhere(Path page, MatchResult link) {
        Path target = link.group(1).isEmpty() ? page : page.resolveSibling(link.group(1));
        return Files.exists(target) && (link.group(2) == null || hasHeading(target, link.group(2)));
    }

    private static boolean hasHeading(Path page, String anchor) {
        try {
            return HEADING.matcher(Files.readString(page)).results().anyMatch(heading -> anchor(heading.group(1)).equals(anchor));
        } catch (IOException e) {
            return false;
        }
    }

    /** Returns the anchor that a heading gets on the pages of a repository. */
    private static String anchor(String heading) {
        return heading.toLowerCase(Locale.ROOT).replaceAll("[^\\w\\- ]", "").replace(' ', '-');
    }

    @Test
    void readmeIsShort() throws IOException {
        int lines = Files.readAllLines(README).size();
        assertTrue(lines <= MOST_README_LINES, () -> "the README has " + lines + " lines");
    }
}
