// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** standpipe man. */
@Command(
        name = "man",
        description = "Prints the manual page of standpipe, or of one of its commands.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  standpipe man checkpoint | man -l -",
            "  standpipe man --output ~/.local/share/man/man1"
        })
final class ManCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FOLDER",
            description = "Write all pages into this folder instead: standpipe.1, standpipe-checkpoint.1 and so on.")
    private Path folder;

    @Parameters(index = "0", arity = "0..1", paramLabel = "COMMAND", description = "The command. Default: standpipe itself.")
    private String command;

    @Override
    public Integer call() throws IOException {
        CommandLine root = spec.root().commandLine();
        if (folder == null) {
            spec.commandLine().getOut().print(ManPage.of(command == null ? root : named(root)));
            return ExitCode.DONE;
        }
        if (command != null) {
            throw new ParameterException(spec.commandLine(), "--output writes all pages: name no COMMAND");
        }
        if (!Files.isDirectory(folder)) {
            throw new ParameterException(spec.commandLine(), "--output " + folder + ": there is no such folder");
        }
        write(root);
        for (CommandLine subcommand : root.getSubcommands().values()) {
            write(subcommand);
        }
        return ExitCode.DONE;
    }

    private CommandLine named(CommandLine root) {
        CommandLine found = root.getSubcommands().get(command);
        if (found == null) {
            throw new ParameterException(
                    spec.commandLine(), "there is no command " + command + ", only " + root.getSubcommands().keySet());
        }
        return found;
    }

    private void write(CommandLine commandLine) throws IOException {
        Path page = folder.resolve(ManPage.name(commandLine) + ".1");
        if (Files.exists(page, LinkOption.NOFOLLOW_LINKS) && !Files.isRegularFile(page, LinkOption.NOFOLLOW_LINKS)) {
            throw new ParameterException(
                    spec.commandLine(), "--output " + page + ": something else than a regular file has this name");
        }
        Files.writeString(
                page, ManPage.of(commandLine),
                StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE,
                LinkOption.NOFOLLOW_LINKS);
    }
}
