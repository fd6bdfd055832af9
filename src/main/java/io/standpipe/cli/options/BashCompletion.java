// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli.options;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The completion of bash. What the model says goes into three functions with a {@code case}; the rest of the script is the same
 * for every command. Names of files and processes are never expanded: they are read into variables, which the shell quotes.
 */
public final class BashCompletion {

    private static final String HEAD = """
            # Completion of standpipe for bash, as "standpipe completion" prints it; for zsh by its bashcompinit.
            if [ -n "${ZSH_VERSION-}" ]; then
                autoload -Uz compinit bashcompinit
                whence compdef > /dev/null || compinit
                bashcompinit
            fi

            """;

    /** Words, options and operands have a line for each command; the empty name is that of no command yet. */
    private static final String TAIL = """
            # Adds those of the words that go on from what is typed.
            _standpipe_offer() {
                local typed=$1 word
                shift
                for word in "$@"; do
                    if [[ $word == "$typed"* ]]; then
                        COMPREPLY+=("$word")
                    fi
                done
            }

            _standpipe_pids() {
                local pids=() pid
                for pid in /proc/[1-9]*; do
                    pids+=("${pid##*/}")
                done
                _standpipe_offer "$1" "${pids[@]}"
            }

            # Offers what a value of a kind may be: $1 is the kind, $2 what is typed of it.
            _standpipe_value() {
                local list=
                case $2 in
                    *,*) list=${2%,*}, ;;
                esac
                case $1 in
                    FILE) compopt -o default ;;
                    DIRECTORY) compopt -o dirnames ;;
                    PID) _standpipe_pids "${2#"$list"}" ;;
                    VERB) _standpipe_offer "$2" @VERBS@ ;;
                    WORDS:*) _standpipe_offer "${2#"$list"}" ${1#WORDS:} ;;
                esac
                COMPREPLY=("${COMPREPLY[@]/#/$list}")
            }

            _standpipe() {
                local at word verb= kind= operand=0 typed=${COMP_WORDS[COMP_CWORD]}
                COMPREPLY=()
                for ((at = 1; at < COMP_CWORD; at++)); do
                    word=${COMP_WORDS[at]}
                    if [[ $word == [=:] ]]; then
                        # bash breaks words there: --option=value, PID:N, PID=COMMAND.
                        [[ $kind ]] || ((at++))
                    elif [[ $kind ]]; then
                        kind=
                    elif [[ $word == -- ]]; then
                        break
                    elif [[ $word == -* ]]; then
                        kind=$(_standpipe_kind "$verb" "$word")
                    elif [[ ! $verb ]]; then
                        verb=$word
                    elif [[ $(_standpipe_operand "$verb" $operand) == COMMAND ]]; then
                        break
                    else
                        ((operand++))
                    fi
                done
                [[ $typed == [=:] ]] && typed=
                if [[ $kind ]]; then
                    _standpipe_value "$kind" "$typed"
                elif [[ $typed == -* && $at -eq $COMP_CWORD ]]; then
                    _standpipe_offer "$typed" $(_standpipe_options "$verb")
                else
                    _standpipe_value "$(_standpipe_operand "$verb" $operand)" "$typed"
                fi
            }

            complete -F _standpipe standpipe
            """;

    private BashCompletion() {}

    /** @param commands of which the root consists */
    public static String of(Syntax root, List<Syntax> commands) {
        List<Syntax> all = new ArrayList<>(commands);
        all.add(root);
        String verbs = commands.stream().map(Syntax::verb).collect(Collectors.joining(" "));
        return HEAD
                + function("_standpipe_options", "$1", all.stream().map(each -> pattern(root, each) + ") echo '" + options(each) + "' ;;"))
                + function("_standpipe_kind", "$1:$2", all.stream().flatMap(each -> kinds(pattern(root, each), each)))
                + function("_standpipe_operand", "$1:$2", all.stream().flatMap(each -> operands(pattern(root, each), each)))
                + TAIL.replace("@VERBS@", verbs);
    }

    private static String function(String name, String subject, Stream<String> cases) {
        return name + "() {\n    case " + subject + " in\n" + cases.map(each -> "        " + each + "\n").collect(Collectors.joining())
                + "    esac\n}\n\n";
    }

    private static String pattern(Syntax root, Syntax syntax) {
        return syntax == root ? "''" : syntax.verb();
    }

    private static String options(Syntax syntax) {
        return syntax.options().stream().map(Parameter::name).collect(Collectors.joining(" "));
    }

    private static Stream<String> kinds(String verb, Syntax syntax) {
        return syntax.options().stream()
                .filter(each -> each instanceof Value<?> value && !value.mayBeBare())
                .map(each -> verb + ":" + each.name() + (each.shortName() == null ? "" : "|" + verb + ":" + each.shortName())
                        + ") echo '" + kind((Value<?>) each) + "' ;;");
    }

    private static Stream<String> operands(String verb, Syntax syntax) {
        List<String> cases = new ArrayList<>();
        for (Value<?> each : syntax.operands()) {
            cases.add(verb + ":" + cases.size() + ") echo '" + kind(each) + "' ;;");
        }
        return cases.stream();
    }

    private static String kind(Value<?> value) {
        Completion completion = value.kind().completion();
        return completion + (completion == Completion.WORDS ? ":" + String.join(" ", value.kind().words()) : "");
    }
}
