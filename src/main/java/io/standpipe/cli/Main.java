// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.internal.format.Version;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The entry point of the command {@code standpipe}. */
@Command(
        name = "standpipe",
        description = "Saves what is in open pipes, and puts it back.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.VersionLine.class,
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:Done.",
            "1:It failed.",
            "2:Wrong usage.",
            "3:The image is refused.",
            "4:The kernel, a permission or a limit does not allow it.",
            "125:restore: it failed, and no command was run.",
            "126:restore: the command cannot be executed.",
            "127:restore: there is no such command. Any other status of restore is its command's own; with --run, that of the"
                    + " first command that did not end with 0."},
        footer = {"", "Examples:",
            "  standpipe checkpoint --pid 4711 --output app.ckpt",
            "  standpipe show app.ckpt",
            "  standpipe restore app.ckpt -- consumer --flag"})
public final class Main implements Runnable {

    /** All subcommands, in the order of {@code --help}. */
    private static final List<Class<?>> SUBCOMMANDS = List.of(
            CheckpointCommand.class, RestoreCommand.class, SwapCommand.class, HoldCommand.class, ListCommand.class,
            PeekCommand.class, DrainCommand.class, ShowCommand.class, ExtractCommand.class, AttachCommand.class, CheckCommand.class, DemoCommand.class, CompletionCommand.class,
            ManCommand.class, HelpCommand.class);

    /** The subcommands that print something about all others. */
    private static final List<Class<?>> ABOUT_ALL = List.of(CompletionCommand.class, ManCommand.class, HelpCommand.class);

    /** The subcommands that become another program. */
    private static final Set<Class<?>> BECOMING = Set.of(RestoreCommand.class, SwapCommand.class);

    static final class VersionLine implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"standpipe " + Version.current()};
        }
    }

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "no command is named");
    }

    /**
     * Returns the subcommand that the first argument names, or all if that is none or needs all. Picocli finds the options of
     * each by reflection, which for all of them takes a new JVM longer than most of them run.
     */
    static List<Class<?>> subcommandsFor(String... args) {
        for (Class<?> subcommand : SUBCOMMANDS) {
            if (args.length > 0 && args[0].equals(name(subcommand)) && !ABOUT_ALL.contains(subcommand)) {
                return List.of(subcommand);
            }
        }
        return SUBCOMMANDS;
    }

    /** Returns the name on the command line, which equals the name in the class's annotation. */
    static String name(Class<?> subcommand) {
        return subcommand.getSimpleName().replace("Command", "").toLowerCase(Locale.ROOT);
    }

    /** Returns a command line with the subcommands that the arguments need. */
    static CommandLine commandLine(String... args) {
        List<Class<?>> subcommands = subcommandsFor(args);
        // First of all: what is opened from here on is not inherited.
        InheritedDescriptors noted = subcommands.stream().anyMatch(BECOMING::contains) ? InheritedDescriptors.note() : null;
        ExitCode exitCode = new ExitCode();
        CommandLine commandLine = new CommandLine(new Main());
        subcommands.forEach(each -> commandLine.addSubcommand(
                noted == null ? each
                        : each == RestoreCommand.class ? new RestoreCommand(noted)
                        : each == SwapCommand.class ? new SwapCommand(noted)
                        : each));
        commandLine.getSubcommands().values().forEach(each -> each.getCommandSpec().versionProvider(new VersionLine()));
        return commandLine
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setOut(new PrintWriter(System.out, false, Charset.defaultCharset()))
                .setExecutionExceptionHandler(exitCode).setParameterExceptionHandler(exitCode).setUsageHelpWidth(100);
    }

    public static void main(String[] args) {
        System.exit(run(commandLine(args), args));
    }

    /** Runs a command to its end, and returns the exit code. */
    static int run(CommandLine commandLine, String... args) {
        try {
            return ExitCode.afterWriting(commandLine, commandLine.execute(args));
        } catch (UnsatisfiedLinkError e) {
            ExitCode.printMessage(commandLine.getErr(), ExitCode.text(e));
            return args.length > 0 && BECOMING.stream().anyMatch(each -> args[0].equals(name(each)))
                    ? ExitCode.NO_COMMAND_RUN : ExitCode.UNAVAILABLE;
        }
    }
}
