// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.cli.options.ArgumentParser;
import io.standpipe.cli.options.HelpText;
import java.util.ArrayList;
import java.util.List;

/** The entry point of the command {@code standpipe}. */
public final class Main {

    private final Subcommand command;
    private final String[] arguments;

    private Main(Subcommand command, List<String> arguments) {
        this.command = command;
        this.arguments = arguments.toArray(new String[0]);
    }

    /** Starts a new process's work, and ends the process. */
    public static void main(String[] args) {
        int exitCode = of(args).run(Output.standard());
        if (exitCode != ExitCode.DONE) { // System.exit looks for a logger first, which takes a new JVM a third of its time.
            System.exit(exitCode);
        }
    }

    /** Makes the command that is named. What this process opens from here on, no restored command inherits. */
    static Main of(String... args) {
        List<String> others = new ArrayList<>(List.of(args));
        int at = firstWord(args, 0);
        Subcommand named = at < args.length ? Verbs.named(args[at]) : null;
        if (named == null) {
            return new Main(Verbs.root(), others.subList(0, Math.min(at + 1, args.length)));
        }
        others.remove(at); // Options in front of the name are as good as behind it.
        if (Verbs.within(args[at]).isEmpty()) {
            return new Main(named, others);
        }
        int second = firstWord(args, at + 1);
        Subcommand nested = second < args.length ? Verbs.named(args[at] + " " + args[second]) : null;
        if (nested == null) {
            return new Main(named, others.subList(0, Math.min(second, others.size())));
        }
        others.remove(second - 1);
        return new Main(nested, others);
    }

    private static int firstWord(String[] args, int from) {
        int at = from;
        while (at < args.length && args[at].startsWith("-")) {
            at++;
        }
        return at;
    }

    /** Runs the command to its end, and returns the exit code. */
    int run(Output output) {
        command.printTo(output);
        int exitCode;
        try {
            ArgumentParser.parse(command.syntax, arguments);
            command.takeCommonOptions();
            exitCode = runParsed();
        } catch (Exception | LinkageError | OutOfMemoryError e) {
            exitCode = ExitCode.afterFailure(e, command);
        }
        return output.afterWriting(exitCode);
    }

    private int runParsed() throws Exception {
        if (command.syntax.isHelpWanted()) {
            command.out().print(HelpText.of(command.syntax, command.commands()));
        } else if (command.syntax.isVersionWanted()) {
            VersionText.print(command.out());
        } else {
            return command.run();
        }
        return ExitCode.DONE;
    }
}
