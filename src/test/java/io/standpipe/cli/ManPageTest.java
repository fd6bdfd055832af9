// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.cli.options.Parameter;
import io.standpipe.cli.options.Syntax;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.Host;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(DescriptorLeakCheck.class)
class ManPageTest {

    private static final Path GROFF = Path.of("/usr/bin/groff");

    @TempDir
    Path directory;

    @Test
    void pageOfEachCommandHasEveryOption() throws Exception {
        for (Syntax command : Verbs.syntaxes(Verbs.allNames())) {
            Object[] arguments = ("man " + command.path()).split(" ");
            String page = CommandRun.here(arguments).succeeded().out;
            for (Parameter option : command.options()) {
                assertTrue(hasHeading(page, option.name()), () -> option.name() + " is expected in: " + page);
                assertTrue(
                        option.shortName() == null || hasHeading(page, option.shortName()),
                        () -> option.shortName() + " is expected in: " + page);
                assertTrue(plain(page).contains(option.description()), () -> option.description() + " is expected in: " + page);
            }
        }
    }

    private static boolean hasHeading(String page, String name) {
        return page.lines()
                .filter(line -> line.startsWith("\\fB"))
                .map(ManPageTest::plain)
                .flatMap(line -> Arrays.stream(line.split("[\\[\\] ,=]+")))
                .anyMatch(name::equals);
    }

    private static String plain(String roff) {
        return roff.replace("\\fB", "").replace("\\fR", "").replace("\\-", "-").replace("\\(aq", "'");
    }

    @Test
    void mainPageListsEveryCommandAndEachHasItsOwnPage() throws Exception {
        CommandRun.here("man", "--output", directory).succeeded();
        String first = Files.readString(directory.resolve("standpipe.1"));
        assertEquals(CommandRun.of("man").succeeded().out, first);
        for (String command : Verbs.NAMES) {
            assertTrue(hasHeading(first, command), () -> command + " is expected in: " + first);
        }
        for (String command : Verbs.allNames()) {
            Object[] arguments = ("man " + command).split(" ");
            assertEquals(
                    CommandRun.here(arguments).succeeded().out,
                    Files.readString(directory.resolve("standpipe-" + command.replace(' ', '-') + ".1")));
        }
        assertTrue(hasHeading(Files.readString(directory.resolve("standpipe-criu.1")), "import"));
    }

    @Test
    void linkInPlaceOfAPageIsRefused() throws Exception {
        Path target = directory.resolve("target");
        Files.createSymbolicLink(directory.resolve("standpipe.1"), target);
        CommandRun.here("man", "--output", directory).failed(2, "something else than a regular file has this name");
        assertFalse(Files.exists(target));
    }

    @Test
    void groffFormatsEveryPageWithoutWarning() throws Exception {
        Host.assumeTool("groff");
        CommandRun.here("man", "--output", directory).succeeded();
        for (String page : directory.toFile().list()) {
            CommandRun.program(List.of(
                    GROFF.toString(), "-man", "-ww", "-z", "-Tascii", directory.resolve(page).toString())).succeeded();
        }
    }

    @Test
    void unknownCommandMissingDirectoryAndExtraCommandExitWith2() throws Exception {
        CommandRun.here("man", "frobnicate").failed(2, "no command named frobnicate; there are checkpoint, restore, ");
        CommandRun.here("man", "--output", directory.resolve("none")).failed(2, "there is no such directory");
        CommandRun.here("man", "--output", directory, "show").failed(2, "name no COMMAND");
    }
}
