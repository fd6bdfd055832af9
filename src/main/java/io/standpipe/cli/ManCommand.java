// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code standpipe man}. */
@Command(
        name = "man",
        description = "Prints the manual page of standpipe, or of one of its commands.",
        footer = {"", "Examples:", "  standpipe man checkpoint | man -l -", "  standpipe man --output ~/.local/share/man/man1"})
final class ManCommand extends Subcommand {

    @Option(
            names = {"-o", "--output"}, paramLabel = "DIR",
            description = "Write all pages into this directory instead: standpipe.1, standpipe-checkpoint.1 and so on.")
    private @Nullable Path directory;

    @Parameters(index = "0", arity = "0..1", paramLabel = "COMMAND", description = "The command. Default: standpipe itself.")
    private @Nullable String command;

    @Override
    public Integer call() throws IOException {
        CommandLine root = spec.root().commandLine();
        if (directory == null) {
            out().print(ManPage.of(command == null ? root : subcommand(root, command)));
            return ExitCode.DONE;
        }
        require(command == null, "--output writes all pages: name no COMMAND");
        require(Files.isDirectory(directory), "--output " + directory + ": there is no such directory");
        write(root, directory);
        for (CommandLine subcommand : root.getSubcommands().values()) {
            write(subcommand, directory);
        }
        return ExitCode.DONE;
    }

    private CommandLine subcommand(CommandLine root, String name) {
        CommandLine found = root.getSubcommands().get(name);
        if (found == null) {
            throw wrongUsage("there is no command " + name + ", only " + root.getSubcommands().keySet());
        }
        return found;
    }

    private void write(CommandLine commandLine, Path directory) throws IOException {
        Path page = directory.resolve(ManPage.name(commandLine) + ".1");
        require(
                Files.isRegularFile(page, LinkOption.NOFOLLOW_LINKS) || !Files.exists(page, LinkOption.NOFOLLOW_LINKS),
                "--output " + page + ": something else than a regular file has this name");
        Files.writeString(
                page, ManPage.of(commandLine), StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    }
}
