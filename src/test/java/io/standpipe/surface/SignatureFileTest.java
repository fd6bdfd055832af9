// SPDX-License-Identifier: Apache-2.0
package io.standpipe.surface;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What users can see changes on purpose only: a file has every public type and member. {@code -Dstandpipe.docs.update=true} writes the
 * file instead.
 */
class SignatureFileTest {

    private static final Path FILE = Path.of("src/test/resources/io/standpipe/surface/signatures.txt");

    @Test
    void everyPublicTypeAndMemberIsInTheFile() throws Exception {
        List<String> present = new ArrayList<>();
        for (Class<?> type : PublicTypes.all()) {
            present.addAll(Signatures.of(type));
        }
        if (Boolean.getBoolean("standpipe.docs.update")) {
            Files.write(FILE, present);
        }
        assertEquals("", differences(Files.readAllLines(FILE), present),
                "The public API is not as " + FILE + " has it. If that is meant, mvn test -Dtest=SignatureFileTest"
                        + " -Dstandpipe.docs.update=true writes the file; say the change in CHANGELOG.md.");
    }

    /** Returns what is in one list alone, each line with its type. */
    private static String differences(List<String> before, List<String> now) {
        List<String> expected = withTypes(before);
        List<String> found = withTypes(now);
        return Stream.concat(
                        expected.stream().filter(line -> !found.contains(line)).map(line -> "- " + line),
                        found.stream().filter(line -> !expected.contains(line)).map(line -> "+ " + line))
                .collect(Collectors.joining("\n"));
    }

    private static List<String> withTypes(List<String> lines) {
        List<String> all = new ArrayList<>();
        String type = "";
        for (String line : lines) {
            type = line.startsWith(" ") ? type : line;
            all.add(line.startsWith(" ") ? type + ":" + line : line);
        }
        return all;
    }
}
