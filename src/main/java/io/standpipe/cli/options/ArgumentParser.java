// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli.options;

import java.util.ArrayList;
import java.util.List;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.MissingArgumentException;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;
import org.apache.commons.cli.UnrecognizedOptionException;

/**
 * Gives the parameters of a command what was typed. It runs before anything else in a new JVM: no lambdas, streams or regular
 * expressions, the first of which take such a JVM longer than all of this.
 */
public final class ArgumentParser {

    private static final String END_OF_OPTIONS = "--";

    private final Syntax syntax;
    private final Options options = new Options();

    private ArgumentParser(Syntax syntax) {
        this.syntax = syntax;
        for (Parameter each : syntax.options()) {
            String shortName = each.shortName();
            Option option = new Option(
                    shortName == null ? null : shortName.substring(1), bare(each.name()), each instanceof Value, each.description());
            option.setOptionalArg(each instanceof Value<?> value && value.mayBeBare());
            options.addOption(option);
        }
    }

    /** @throws UsageException if the command does not take these arguments, unless help or version is wanted */
    public static void parse(Syntax syntax, String... arguments) {
        new ArgumentParser(syntax).parse(arguments);
    }

    private void parse(String... arguments) {
        refuseLongNamesWithOneHyphen(arguments);
        CommandLine parsed;
        try {
            parsed = DefaultParser.builder().setAllowPartialMatching(false).setStripLeadingAndTrailingQuotes(false).get()
                    .parse(options, arguments);
        } catch (UnrecognizedOptionException e) {
            throw unknown(e.getOption());
        } catch (MissingArgumentException e) {
            throw new UsageException("--" + e.getOption().getLongOpt() + " needs a value: " + label(parameter(e.getOption())));
        } catch (ParseException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
        for (Option typed : parsed.getOptions()) {
            parameter(typed).take(typed.getValue());
        }
        if (syntax.isHelpWanted() || syntax.isVersionWanted()) {
            return;
        }
        if (runsCommand()) {
            checkBeforeCommand(parsed.getArgList(), arguments);
        }
        takeOperands(parsed.getArgList());
        checkOptions();
    }

    private static String bare(String longName) {
        return longName.substring(END_OF_OPTIONS.length());
    }

    private Parameter parameter(Option option) {
        for (Parameter each : syntax.options()) {
            if (bare(each.name()).equals(option.getLongOpt())) {
                return each;
            }
        }
        throw new IllegalStateException("no option " + option);
    }

    /** Commons CLI would take {@code -output} for {@code --output}, where other programs take it for {@code -o utput}. */
    private void refuseLongNamesWithOneHyphen(String... arguments) {
        for (String each : arguments) {
            if (each.equals(END_OF_OPTIONS)) {
                return;
            }
            if (each.length() > 2 && each.charAt(0) == '-' && each.charAt(1) != '-' && options.hasLongOption(name(each))) {
                throw unknown(each);
            }
        }
    }

    /** Returns the name in what was typed, which may have a value behind it. */
    private static String name(String typed) {
        int end = typed.indexOf('=');
        return end < 0 ? typed : typed.substring(0, end);
    }

    private UsageException unknown(String typed) {
        String name = name(typed);
        List<String> names = new ArrayList<>();
        for (Parameter each : syntax.options()) {
            if (each.name().equals(name)) {
                return new UsageException(name + " takes no value, found '" + typed.substring(name.length() + 1) + "'");
            }
            names.add(bare(each.name()));
        }
        String nearest = Nearest.to(name.startsWith("--") ? bare(name) : name.substring(1), names);
        return new UsageException("unknown option " + name + (nearest != null ? "; did you mean --" + nearest + "?"
                : runsCommand() ? "; options of the COMMAND go behind --" : ""));
    }

    private boolean runsCommand() {
        List<Value<?>> operands = syntax.operands();
        return !operands.isEmpty() && operands.get(operands.size() - 1).kind() == TextKind.COMMAND;
    }

    /** Behind {@code --} is the COMMAND, so that in front of it are the other operands, all of them and no more. */
    private void checkBeforeCommand(List<String> operands, String... arguments) {
        int end = 0;
        while (end < arguments.length && !arguments[end].equals(END_OF_OPTIONS)) {
            end++;
        }
        if (end == arguments.length) {
            return;
        }
        int before = operands.size() - (arguments.length - end - 1);
        int others = syntax.operands().size() - 1;
        if (before > others) {
            throw new UsageException("too many operands before --: " + String.join(" ", operands.subList(others, before)));
        }
        if (before < others) {
            throw new UsageException(syntax.operands().get(before).label() + " is missing");
        }
    }

    private void takeOperands(List<String> typed) {
        int next = 0;
        for (Value<?> each : syntax.operands()) {
            do {
                if (next < typed.size()) {
                    each.take(typed.get(next++));
                } else if (each.isRequired()) {
                    throw new UsageException(each.label() + " is missing");
                }
            } while (each.isRepeated() && next < typed.size());
        }
        if (next < typed.size()) {
            throw new UsageException("unexpected argument '" + typed.get(next) + "'"
                    + (syntax.operands().isEmpty() ? "" : ", expected " + String.join(" ", Synopsis.operands(syntax)) + " only"));
        }
    }

    private void checkOptions() {
        for (Parameter each : syntax.options()) {
            if (each instanceof Value<?> value && value.isRequired() && !value.isGiven()) {
                throw new UsageException(label(value) + " is missing");
            }
        }
        for (Syntax.Group group : syntax.groups()) {
            Parameter given = null;
            for (Parameter each : group.options()) {
                if (each.isGiven() && given != null) {
                    throw new UsageException(given.name() + " and " + each.name() + " exclude each other");
                }
                given = each.isGiven() ? each : given;
            }
            if (group.required() && given == null) {
                throw new UsageException(alternatives(group) + " is missing");
            }
        }
    }

    private static String alternatives(Syntax.Group group) {
        StringBuilder text = new StringBuilder();
        for (Parameter each : group.options()) {
            text.append(text.length() == 0 ? "" : " or ").append(label(each));
        }
        return text.toString();
    }

    private static String label(Parameter parameter) {
        return parameter instanceof Value<?> value ? value.name() + " " + value.label() : parameter.name();
    }
}
