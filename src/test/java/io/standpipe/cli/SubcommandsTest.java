// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.testkit.ChildRun;
import io.standpipe.testkit.TestJvm;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SubcommandsTest {

    private static final Pattern COMMAND_CLASS = Pattern.compile("io\\.standpipe\\.cli\\.(\\w+)Command\\b");

    @Test
    void eachIsFoundByItsName() {
        for (String name : Verbs.allNames()) {
            assertEquals("standpipe " + name, Verbs.named(name).syntax.name());
        }
        assertNull(Verbs.named("frobnicate"));
    }

    @Test
    void helpOfAGroupListsItsCommands() {
        String help = CommandRun.here("criu", "--help").succeeded().out.replaceAll("\\s+", " ");
        for (String name : Verbs.CRIU_NAMES) {
            assertTrue(help.contains(" " + name.substring(5) + " " + Verbs.named(name).syntax.description().get(0)), () -> name + " in " + help);
        }
        assertEquals(Verbs.NAMES.size() + Verbs.CRIU_NAMES.size(), Verbs.allNames().size());
    }

    @Test
    void commandOfAGroupHasOptionsInFrontOfEachWord() {
        String help = CommandRun.here("criu", "import", "--help").succeeded().out;
        assertTrue(help.startsWith("Usage: standpipe criu import [-hVqv] "), help);
        assertEquals(help, CommandRun.here("-h", "criu", "import").succeeded().out);
        assertEquals(help, CommandRun.here("criu", "-h", "import").succeeded().out);
        assertEquals(help, CommandRun.here("help", "criu", "import").succeeded().out);
    }

    @Test
    void groupWithoutOneOfItsCommandsIsWrongUsage() {
        CommandRun.here("criu").failed(2, "no command of criu is named (see standpipe criu --help)");
        CommandRun.here("criu", "imprt").failed(2, "no command named criu imprt; did you mean criu import?");
        CommandRun.here("criu", "frobnicate").failed(2, "no command named criu frobnicate; there ");
        CommandRun.here("help", "criu", "imprt").failed(2, "did you mean criu import?");
        CommandRun.here("import").failed(2, "no command named import; ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"show", "checkpoint", "restore"})
    void classesOfOtherCommandsAreNotLoaded(String name) throws Exception {
        ChildRun run = ChildRun.of(TestJvm.command(List.of("-Xlog:class+load"), Main.class, name, "--version"));
        Set<String> loaded = new TreeSet<>();
        COMMAND_CLASS.matcher(run.output()).results().forEach(match -> loaded.add(match.group(1).toLowerCase(Locale.ROOT)));
        loaded.retainAll(Verbs.NAMES);
        assertEquals(Set.of(name), loaded, run::toString);
    }

    @Test
    void helpOfAllListsEachWithItsFirstSentences() {
        String help = CommandRun.here("--help").succeeded().out.replaceAll("\\s+", " ");
        for (String name : Verbs.NAMES) {
            assertTrue(help.contains(" " + name + " " + Verbs.named(name).syntax.description().get(0)), () -> name + " in " + help);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"checkpoint", "list", "man"})
    void helpCommandAndHelpOptionInFrontAndBehindAreTheSame(String name) {
        String help = CommandRun.here(name, "--help").succeeded().out;
        assertTrue(help.startsWith("Usage: standpipe " + name + " [-hVqv] "), help);
        assertEquals(help, CommandRun.here("help", name).succeeded().out);
        assertEquals(help, CommandRun.here("-h", name).succeeded().out);
    }
}
