// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli.options;

import java.util.ArrayList;
import java.util.List;

/** What a command takes, and what is said about it. */
public final class Syntax {

    private final String name;
    private final List<String> description;
    private final List<Parameter> options = new ArrayList<>();
    private final List<Value<?>> operands = new ArrayList<>();
    private final List<Group> groups = new ArrayList<>(1);
    private final List<String> examples = new ArrayList<>();
    private final List<ExitStatus> exitStatuses = new ArrayList<>();
    private final Flag help;
    private final Flag version;

    /** Options of which at most one may be given. */
    record Group(List<Parameter> options, boolean required) {}

    /** An exit status and its meaning. */
    record ExitStatus(String status, String meaning) {}

    /**
     * @param name as it is typed, such as {@code standpipe show}
     * @param description paragraphs; the first one is one sentence, or begins with one
     */
    public Syntax(String name, String... description) {
        this.name = name;
        this.description = List.of(description);
        help = flag("-h, --help", "Show this help message and exit.");
        version = flag("-V, --version", "Print version information and exit.");
    }

    /** Adds an option without a value. */
    public Flag flag(String names, String meaning) {
        Flag flag = new Flag(names, meaning);
        options.add(flag);
        return flag;
    }

    /** Adds an option with a value. */
    public <T> Value<T> option(String names, String label, Kind<T> kind, String meaning) {
        Value<T> option = new Value<>(names, label, kind, meaning);
        options.add(option);
        return option;
    }

    /** Adds an operand. Those that are required come first, and one that may be repeated comes last. */
    public <T> Value<T> operand(String label, Kind<T> kind, String meaning) {
        Value<T> operand = new Value<>(label, label, kind, meaning);
        operands.add(operand);
        return operand;
    }

    /** At most one of these options may be given. */
    public void atMostOne(Parameter... ofThem) {
        groups.add(new Group(List.of(ofThem), false));
    }

    /** One of these options must be given, and not more. */
    public void exactlyOne(Parameter... ofThem) {
        groups.add(new Group(List.of(ofThem), true));
    }

    /** Adds lines that may be typed. */
    public void examples(String... lines) {
        examples.addAll(List.of(lines));
    }

    /** Adds an exit status. */
    public void exitStatus(String status, String meaning) {
        exitStatuses.add(new ExitStatus(status, meaning));
    }

    /** Returns the name as it is typed, such as {@code standpipe show}. */
    public String name() {
        return name;
    }

    /** Returns the name without its first word, as it is typed behind {@code standpipe}: one word, or two for a command of a group. */
    public String path() {
        return name.substring(name.indexOf(' ') + 1);
    }

    /** Returns whether it is a command of a group. */
    public boolean isNested() {
        return path().indexOf(' ') >= 0;
    }

    /** Returns the last word of the name. */
    public String verb() {
        return name.substring(name.lastIndexOf(' ') + 1);
    }

    /** Returns paragraphs. */
    public List<String> description() {
        return description;
    }

    /** Returns the options in the order in which they were added. */
    public List<Parameter> options() {
        return options;
    }

    /** Returns the operands in their order. */
    public List<Value<?>> operands() {
        return operands;
    }

    List<Group> groups() {
        return groups;
    }

    List<String> examples() {
        return examples;
    }

    List<ExitStatus> exitStatuses() {
        return exitStatuses;
    }

    /** Returns whether {@code --help} was typed. */
    public boolean isHelpWanted() {
        return help.isGiven();
    }

    /** Returns whether {@code --version} was typed. */
    public boolean isVersionWanted() {
        return version.isGiven();
    }
}
