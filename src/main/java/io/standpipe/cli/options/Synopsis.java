// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli.options;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** The forms in which a command's options and operands are typed. */
final class Synopsis {

    private Synopsis() {}

    /** Returns the words of the line, none of which is to be broken. */
    static List<String> words(Syntax syntax) {
        List<String> words = new ArrayList<>(List.of(syntax.name(), shortFlags(syntax)));
        List<Parameter> single = sorted(syntax);
        syntax.groups().forEach(group -> single.removeAll(group.options()));
        for (Parameter each : single) {
            if (each instanceof Flag && each.shortName() == null) {
                words.add("[" + each.name() + "]");
            }
        }
        for (Parameter each : single) {
            if (each instanceof Value<?> value) {
                words.add((value.isRequired() ? form(value) : "[" + form(value) + "]") + (value.isRepeated() ? "..." : ""));
            }
        }
        for (Syntax.Group group : syntax.groups()) {
            String forms = group.options().stream()
                    .map(each -> form(each) + (each instanceof Value<?> value && value.isRepeated() ? "..." : ""))
                    .collect(Collectors.joining(" | "));
            words.addAll(List.of(((group.required() ? "(" : "[") + forms + (group.required() ? ")" : "]")).split(" ")));
        }
        words.addAll(operands(syntax));
        return words;
    }

    /** Returns the first sentence without its full stop. */
    static String summary(String description) {
        int end = description.indexOf(". ");
        return end >= 0 ? description.substring(0, end)
                : description.endsWith(".") ? description.substring(0, description.length() - 1) : description;
    }

    private static String shortFlags(Syntax syntax) {
        return "[-" + syntax.options().stream()
                .filter(each -> each instanceof Flag && each.shortName() != null)
                .map(each -> each.shortName().substring(1))
                .collect(Collectors.joining()) + "]";
    }

    /** Returns the options in the order of their names. */
    static List<Parameter> sorted(Syntax syntax) {
        List<Parameter> sorted = new ArrayList<>(syntax.options());
        sorted.sort(Comparator.comparing(Parameter::name));
        return sorted;
    }

    /** Returns an option with the name of its value. */
    static String form(Parameter option) {
        if (!(option instanceof Value<?> value)) {
            return option.name();
        }
        String labels = value.label() + (value.isList() ? "[," + value.label() + "...]" : "");
        return option.name() + (value.mayBeBare() ? "[=" + labels + "]" : "=" + labels);
    }

    /** Returns the names of the operands, in brackets if they may be missing. */
    static List<String> operands(Syntax syntax) {
        return syntax.operands().stream().map(Synopsis::operand).toList();
    }

    static String operand(Value<?> operand) {
        String name = operand.label() + (operand.isRepeated() ? "..." : "");
        return operand.isRequired() ? name : "[" + name + "]";
    }
}
