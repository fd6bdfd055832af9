// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.cli.options.Completion;
import io.standpipe.cli.options.Kind;
import io.standpipe.cli.options.Syntax;
import io.standpipe.cli.options.TextKind;
import io.standpipe.cli.options.UsageException;
import io.standpipe.cli.options.Value;
import java.util.ArrayList;
import java.util.List;

/** A group of commands, of which none is named, or one that does not exist. */
abstract class GroupCommand extends Subcommand {

    /** The second word of a command of a group. */
    static final Kind<String> NESTED = new Nested(Verbs.CRIU_NAMES);

    private final String group;
    private final Value<String> verb;

    /** @param group its name, such as {@code criu} */
    GroupCommand(String group, String... description) {
        super("standpipe " + group, description);
        this.group = group;
        verb = syntax.operand("COMMAND", new Nested(Verbs.within(group)), "One of those below. Each has a --help and a manual page of its own.");
    }

    /** A word of a command of a group. Any is taken, since it is said elsewhere which there are. */
    private record Nested(List<String> names) implements Kind<String> {

        @Override
        public String of(String typed) {
            return TextKind.PLAIN.of(typed);
        }

        @Override
        public Completion completion() {
            return Completion.WORDS;
        }

        @Override
        public List<String> words() {
            List<String> words = new ArrayList<>();
            for (String name : names) {
                words.add(name.substring(name.indexOf(' ') + 1));
            }
            return words;
        }
    }

    /** Returns the command that is named by one word, or two; standpipe itself if none is. */
    static Subcommand named(Value<String> verb, Value<String> nested) {
        if (!verb.isGiven()) {
            return Verbs.root();
        }
        String name = verb.get() + (nested.isGiven() ? " " + nested.get() : "");
        Subcommand found = Verbs.named(name);
        if (found == null) {
            throw RootCommand.unknown(name);
        }
        return found;
    }

    @Override
    final List<Syntax> commands() {
        return Verbs.syntaxes(Verbs.within(group));
    }

    @Override
    final int run() {
        throw verb.isGiven() ? RootCommand.unknown(group + " " + verb.get()) : new UsageException("no command of " + group + " is named");
    }
}
