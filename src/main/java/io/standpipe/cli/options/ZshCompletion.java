// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli.options;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The completion of zsh: a call of its {@code _arguments} for each command. Zsh itself quotes what it inserts. */
public final class ZshCompletion {

    private static final String HEAD = """
            #compdef standpipe
            # Completion of standpipe for zsh. Made by: standpipe completion zsh

            # Kernel threads have no command line.
            _standpipe_pids() {
                local -a pids
                local directory name
                for directory in /proc/<1->(N); do
                    name=
                    if { IFS= read -r -d '' name < $directory/cmdline } 2> /dev/null && [[ -n $name ]]; then
                        { IFS= read -r name < $directory/comm } 2> /dev/null
                        pids+=("${directory:t}:${name//[^[:print:]]/?}")
                    fi
                done
                _describe -t processes process pids "$@"
            }

            _standpipe_verbs() {
                local -a verbs=(
            @VERBS@    )
                _describe -t commands command verbs
            }

            _standpipe() {
                local curcontext=$curcontext state line
                local -A opt_args
                _arguments -C -A '-*' : @ROOT@ \\
                    '1:command:_standpipe_verbs' '*::argument:->verb' && return
                case "$state:$line[1]" in
            """;

    private static final String TAIL = """
                esac
            }

            if [[ $funcstack[1] == _standpipe ]]; then
                _standpipe "$@"
            else
                if (( $+aliases[standpipe] )); then
                    # zsh completes what an alias stands for, java; a function is completed by its own name.
                    functions[standpipe]="$aliases[standpipe] \\"\\$@\\""
                    unalias standpipe
                fi
                (( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
                compdef _standpipe standpipe
            fi
            """;

    private ZshCompletion() {}

    /** @param commands of which the root consists; those of a group behind the group */
    public static String of(Syntax root, List<Syntax> commands) {
        List<Syntax> direct = commands.stream().filter(each -> !each.isNested()).toList();
        String verbs = direct.stream()
                .map(each -> "        " + quoted(each.verb() + ":" + Synopsis.summary(each.description().get(0))) + "\n")
                .collect(Collectors.joining());
        String cases = direct.stream().map(each -> group(each, commands)).collect(Collectors.joining());
        return HEAD.replace("@VERBS@", verbs).replace("@ROOT@", options(root).stream().collect(Collectors.joining(" "))) + cases + TAIL;
    }

    /** Returns the case of a command, with one for each of its own commands if it is a group. */
    private static String group(Syntax syntax, List<Syntax> commands) {
        List<Syntax> nested = commands.stream().filter(each -> each.path().startsWith(syntax.path() + " ")).toList();
        if (nested.isEmpty()) {
            return single("verb", syntax);
        }
        return "        verb:" + syntax.verb() + ")\n            _arguments -C -A '-*' : \\\n" + specifications(syntax, " \\\n")
                + " \\\n                '*::argument:->nested' && return\n            case \"$state:$line[1]\" in\n"
                + nested.stream().map(each -> single("nested", each)).collect(Collectors.joining())
                + "            esac\n            ;;\n";
    }

    private static String single(String state, Syntax syntax) {
        return "        " + state + ":" + syntax.verb() + ")\n            _arguments -S : \\\n"
                + specifications(syntax, " \\\n") + "\n            ;;\n";
    }

    private static String specifications(Syntax syntax, String separator) {
        List<String> all = options(syntax);
        int number = 1;
        for (Value<?> each : syntax.operands()) {
            String position = each.isRepeated() ? "*::" : each.isRequired() ? Integer.toString(number) : number + ":";
            all.add(quoted(position + ":" + each.label() + ":" + action(each)));
            number++;
        }
        return all.stream().map(each -> "                " + each).collect(Collectors.joining(separator));
    }

    private static List<String> options(Syntax syntax) {
        List<String> all = new ArrayList<>();
        for (Parameter each : syntax.options()) {
            String shortName = each.shortName();
            String others = each instanceof Value<?> value && value.isRepeated() ? "*" : "(" + others(syntax, each) + ")";
            String explained = "[" + escaped(Synopsis.summary(each.description())) + "]"
                    + (each instanceof Value<?> value ? (value.mayBeBare() ? "::" : ":") + value.label().replace(":", "\\:") + ":" + action(value) : "");
            if (shortName != null) {
                all.add(quoted(others + shortName + (each instanceof Value ? "+" : "") + explained));
            }
            all.add(quoted(others + each.name() + (each instanceof Value<?> value ? value.mayBeBare() ? "=-" : "=" : "") + explained));
        }
        return all;
    }

    /** Returns the names that are not offered when the option has been typed. */
    private static String others(Syntax syntax, Parameter option) {
        StringBuilder names = new StringBuilder(option.shortName() == null ? "" : option.shortName() + " ").append(option.name());
        syntax.groups().stream().filter(group -> group.options().contains(option)).flatMap(group -> group.options().stream())
                .filter(each -> each != option).forEach(each -> names.append(' ').append(each.name()));
        return names.toString();
    }

    private static String action(Value<?> value) {
        String words = String.join(" ", value.kind().words());
        return switch (value.kind().completion()) {
            case NONE -> " ";
            case WORDS -> value.isList() ? "_values -s , " + value.label() + " " + words : "(" + words + ")";
            case FILE -> "_files";
            case DIRECTORY -> "_files -/";
            case PID -> value.isList() ? "_sequence _standpipe_pids" : "_standpipe_pids";
            case VERB -> "_standpipe_verbs";
            case COMMAND -> "_normal";
        };
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]").replace(":", "\\:");
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
