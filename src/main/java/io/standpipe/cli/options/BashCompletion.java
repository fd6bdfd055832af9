// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli.options;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The completion of bash. What the model says goes into three functions with a {@code case}; the rest of the script is the same
 * for every command. Names of files and processes are text for it: none is expanded, and bash quotes what it inserts.
 */
public final class BashCompletion {

    private static final String HEAD = """
            # Completion of standpipe for bash. Made by: standpipe completion bash

            """;

    private static final String TAIL = """
            # Adds those of the words $3... that begin with $1, each behind $2.
            _standpipe_offer() {
                local typed=$1 before=$2 word
                shift 2
                for word in "$@"; do
                    if [[ $word == "$typed"* ]]; then
                        COMPREPLY+=("$before$word")
                    fi
                done
            }

            # Adds pids, with the command if bash only lists and inserts nothing. Kernel threads have no command line.
            _standpipe_pids() {
                local directory pid name
                local -a pids=() names=()
                for directory in /proc/[1-9]*; do
                    pid=${directory##*/} name=
                    if [[ $pid == "$1"* ]] && { IFS= read -r -d '' name < "$directory/cmdline"; } 2> /dev/null && [[ $name ]]; then
                        { IFS= read -r name < "$directory/comm"; } 2> /dev/null
                        pids+=("$pid") names+=("${name//[^[:print:]]/?}")
                    fi
                done
                for ((pid = 0; pid < ${#pids[@]}; pid++)); do
                    if [[ $COMP_TYPE == 63 && ${#pids[@]} -gt 1 ]]; then
                        COMPREPLY+=("${pids[pid]} (${names[pid]})")
                    else
                        COMPREPLY+=("$2${pids[pid]}")
                    fi
                done
            }

            # Adds what a value of the kind $1 may be, of which $2 is typed; of several values with commas, the last one.
            _standpipe_value() {
                local before=
                [[ $2 == *,* ]] && before=${2%,*},
                case $1 in
                    FILE) compopt -o default ;;
                    DIRECTORY) compopt -o dirnames ;;
                    PID) _standpipe_pids "${2#"$before"}" "$before" ;;
                    VERB) _standpipe_offer "$2" '' @VERBS@ ;;
                    WORDS:*) _standpipe_offer "${2#"$before"}" "$before" ${1#WORDS:} ;;
                esac
            }

            # Completes the command that begins at the word $1, as it is completed by itself.
            _standpipe_command() {
                if declare -F _comp_command_offset > /dev/null; then
                    _comp_command_offset "$1"
                elif declare -F _command_offset > /dev/null; then
                    _command_offset "$1"
                elif ((COMP_CWORD == $1)); then
                    compopt -o filenames # These bash quotes.
                    mapfile -t COMPREPLY < <(compgen -c -- "${COMP_WORDS[COMP_CWORD]}")
                else
                    compopt -o default
                fi
            }

            _standpipe() {
                local at word verb= kind= rest= operand=0 typed=${COMP_WORDS[COMP_CWORD]}
                COMPREPLY=()
                for ((at = 1; at < COMP_CWORD; at++)); do
                    word=${COMP_WORDS[at]}
                    if [[ $word == [=:] ]]; then
                        # bash breaks words there: --option=value, PID:N, PID=COMMAND.
                        [[ $kind ]] || ((at++))
                    elif [[ $kind ]]; then
                        kind=
                    elif [[ ! $rest && $word == -- ]]; then
                        rest=yes
                    elif [[ ! $rest && $word == -?* ]]; then
                        kind=$(_standpipe_kind "$verb" "$word")
                    elif [[ ! $verb ]]; then
                        verb=$word
                    elif [[ $operand == 0 && "@NESTED@" == *"|$verb $word|"* ]]; then
                        verb="$verb $word"
                    elif [[ $(_standpipe_operand "$verb" $operand) == COMMAND ]]; then
                        break
                    else
                        ((operand++))
                    fi
                done
                [[ $typed == [=:] ]] && typed=
                if [[ $kind ]]; then
                    _standpipe_value "$kind" "$typed"
                elif [[ ! $rest && $at -ge $COMP_CWORD && $typed == -* ]]; then
                    _standpipe_offer "$typed" '' $(_standpipe_options "$verb")
                else
                    kind=$(_standpipe_operand "$verb" $operand)
                    if [[ $kind == COMMAND ]]; then
                        _standpipe_command $at
                    else
                        _standpipe_value "$kind" "$typed"
                    fi
                fi
            }

            complete -F _standpipe standpipe
            """;

    private BashCompletion() {}

    /** @param commands of which the root consists; those of a group behind the group */
    public static String of(Syntax root, List<Syntax> commands) {
        List<Syntax> all = new ArrayList<>(commands);
        all.add(root);
        String verbs = commands.stream().filter(each -> !each.isNested()).map(Syntax::verb).collect(Collectors.joining(" "));
        String nested = commands.stream().filter(Syntax::isNested).map(each -> each.path() + "|").collect(Collectors.joining());
        return HEAD
                + function("_standpipe_options", "$1", all.stream().map(each -> pattern(root, each) + ") echo '" + options(each) + "' ;;"))
                + function("_standpipe_kind", "$1:$2", all.stream().flatMap(each -> kinds(pattern(root, each), each)))
                + function("_standpipe_operand", "$1:$2", all.stream().flatMap(each -> operands(pattern(root, each), each)))
                + TAIL.replace("@VERBS@", verbs).replace("@NESTED@", "|" + nested);
    }

    private static String function(String name, String subject, Stream<String> cases) {
        return name + "() {\n    case " + subject + " in\n" + cases.map(each -> "        " + each + "\n").collect(Collectors.joining())
                + "    esac\n}\n\n";
    }

    private static String pattern(Syntax root, Syntax syntax) {
        return syntax == root ? "''" : syntax.path().replace(" ", "\\ ");
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
