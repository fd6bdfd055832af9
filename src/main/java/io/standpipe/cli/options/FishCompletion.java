// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli.options;

import java.util.List;
import java.util.stream.Collectors;

/** The completion of fish: a {@code complete} for each option and operand. Fish itself quotes what it inserts. */
public final class FishCompletion {

    private static final String HEAD = """
            # Completion of standpipe for fish. Made by: standpipe completion fish

            # Whether an option takes the next word as its value: the command and the option are joined by a colon.
            function __standpipe_takes_value
                contains -- $argv[1] @VALUES@
            end

            # Prints the command, how many operands are behind it, and the number of the word behind these.
            function __standpipe_state
                set -l words (commandline -opc)
                set -l verb ''
                set -l operands 0
                set -l most 99
                set -l options yes
                set -l at 2
                while test $at -le (count $words)
                    set -l word $words[$at]
                    if test $options = yes -a "$word" = --
                        set options no
                    else if test $options = yes; and string match -q -- '-?*' $word
                        __standpipe_takes_value $verb:$word; and set at (math $at + 1)
                    else if test -z "$verb"
                        set verb $word
                    else if test $operands -eq 0; and contains -- "$verb $word" @NESTED@
                        set verb "$verb $word"
                    else if test $operands -ge $most
                        break
                    else
                        set operands (math $operands + 1)
                    end
                    switch "$verb"
            @MOST@        end
                    set at (math $at + 1)
                end
                printf '%s\\n' "$verb" $operands $at
            end

            # Whether the command is $argv[1], with $argv[2] operands behind it if that is given.
            function __standpipe_is
                set -l state (__standpipe_state)
                test "$state[1]" = "$argv[1]"; and test (count $argv) -eq 1 -o "$argv[2]" = "$state[2]"
            end

            # Kernel threads have no command line.
            function __standpipe_pids
                for pid in (string replace -rf '^/proc/([0-9]+)$' '$1' /proc/*)
                    set -l name ''
                    if read -z name < /proc/$pid/cmdline; and test -n "$name"
                        read name < /proc/$pid/comm
                        printf '%s\\t%s\\n' $pid (string replace -ra '[[:cntrl:]]' '?' -- "$name")
                    end
                end 2> /dev/null
            end

            # Completes the command behind the operands, as it is completed by itself.
            function __standpipe_command
                set -l words (commandline -opc)
                set -l state (__standpipe_state)
                set -l typed (commandline -ct)
                if test $state[3] -gt (count $words)
                    complete -C "$typed"
                else
                    complete -C (string join ' ' -- (string escape -- $words[$state[3]..-1]) "$typed")
                end
            end

            complete -c standpipe -f
            """;

    private FishCompletion() {}

    /** @param commands of which the root consists; those of a group behind the group */
    public static String of(Syntax root, List<Syntax> commands) {
        String values = commands.stream()
                .flatMap(each -> each.options().stream()
                        .filter(option -> option instanceof Value<?> value && !value.mayBeBare())
                        .map(option -> word(each, ":" + option.name())
                                + (option.shortName() == null ? "" : " " + word(each, ":" + option.shortName()))))
                .collect(Collectors.joining(" "));
        String most = commands.stream()
                .filter(each -> each.operands().stream().anyMatch(Value::isRepeated))
                .map(each -> "            case " + word(each, "") + "\n                set most " + (each.operands().size() - 1) + "\n")
                .collect(Collectors.joining());
        String nested = commands.stream().filter(Syntax::isNested).map(each -> word(each, "")).collect(Collectors.joining(" "));
        StringBuilder script =
                new StringBuilder(HEAD.replace("@VALUES@", values).replace("@MOST@", most).replace("@NESTED@", nested));
        options(script, root, "''");
        for (Syntax each : commands) {
            String path = each.path();
            String group = each.isNested() ? path.substring(0, path.indexOf(' ')) + " 0" : "''";
            script.append("complete -c standpipe -n \"__standpipe_is ").append(group).append("\" -a ").append(each.verb()).append(" -d ")
                    .append(quoted(Synopsis.summary(each.description().get(0)))).append('\n');
        }
        commands.forEach(each -> {
            options(script, each, word(each, ""));
            operands(script, each);
        });
        return script.toString().replace("@VERBS@", commands.stream()
                .filter(each -> !each.isNested()).map(Syntax::verb).collect(Collectors.joining(" ")));
    }

    /** Returns the path of a command, with something behind it, as one word of fish. */
    private static String word(Syntax syntax, String behind) {
        return syntax.isNested() ? "'" + syntax.path() + behind + "'" : syntax.path() + behind;
    }

    private static void options(StringBuilder script, Syntax syntax, String verb) {
        for (Parameter each : syntax.options()) {
            script.append("complete -c standpipe -n \"__standpipe_is ").append(verb).append("\" -l ").append(each.name().substring(2));
            if (each.shortName() != null) {
                script.append(" -s ").append(each.shortName().substring(1));
            }
            if (each instanceof Value<?> value) {
                script.append(value.mayBeBare() ? "" : " -r").append(action(value));
            }
            script.append(" -d ").append(quoted(Synopsis.summary(each.description()))).append('\n');
        }
    }

    private static void operands(StringBuilder script, Syntax syntax) {
        int number = 0;
        for (Value<?> each : syntax.operands()) {
            script.append("complete -c standpipe -n \"__standpipe_is ").append(word(syntax, "")).append(' ').append(number++).append('"')
                    .append(action(each)).append('\n');
        }
    }

    private static String action(Value<?> value) {
        Completion completion = value.kind().completion();
        String words = String.join(" ", value.kind().words());
        return switch (completion) {
            case NONE -> " -f";
            case WORDS -> value.isList() ? " -f -a \"(__fish_complete_list , 'printf %s\\\\\\\\n " + words + "')\"" : " -f -a '" + words + "'";
            case FILE -> " -F";
            case DIRECTORY -> " -f -a '(__fish_complete_directories)'";
            case PID -> value.isList() ? " -f -a '(__fish_complete_list , __standpipe_pids)'" : " -f -a '(__standpipe_pids)'";
            case VERB -> " -f -a '@VERBS@'";
            case COMMAND -> " -f -a '(__standpipe_command)'";
        };
    }

    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
