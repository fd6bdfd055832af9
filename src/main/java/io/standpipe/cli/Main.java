// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.internal.format.Version;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import picocli.CommandLine;
import picocli.CommandLine.Command;
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
            "126:restore: the command cannot be executed.",
            "127:restore: there is no such command. Otherwise restore ends with its command's own status; with --run,"
                    + " with that of the first command that did not end with 0."
        },
        footer = {
            "",
            "Examples:",
            "  standpipe checkpoint --pid 4711 --output app.ckpt",
            "  standpipe show app.ckpt",
            "  standpipe restore app.ckpt -- consumer --flag"
        })
public final class Main implements Runnable {

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

    /** Returns a command line with the subcommands that the arguments need, see {@link Subcommands#neededBy}. */
    static CommandLine commandLine(String... args) {
        ExitCode exitCode = new ExitCode();
        CommandLine commandLine = new CommandLine(new Main());
        Subcommands.neededBy(args).forEach(commandLine::addSubcommand);
        commandLine.getSubcommands().values().forEach(
                subcommand -> subcommand.getCommandSpec().versionProvider(new VersionLine()));
        return commandLine
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setOut(new PrintWriter(System.out, false, Charset.defaultCharset()))
                .setExecutionExceptionHandler(exitCode)
                .setParameterExceptionHandler(exitCode)
                .setUsageHelpWidth(100);
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
            return ExitCode.UNAVAILABLE;
        }
    }
}
