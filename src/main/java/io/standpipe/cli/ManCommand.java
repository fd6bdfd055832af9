// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.StandpipeException;
import io.standpipe.UnavailableException;
import io.standpipe.cli.options.ManPage;
import io.standpipe.cli.options.PathKind;
import io.standpipe.cli.options.TextKind;
import io.standpipe.cli.options.Value;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

/** {@code standpipe man}. */
final class ManCommand extends Subcommand {

    private static final String READ_ONLY = "Read-only file system";
    private static final String NO_SPACE = "No space left on device";

    private final Value<Path> directory = syntax.option(
            "-o, --output", "DIR", PathKind.DIRECTORY,
            "Write all pages into this directory instead: standpipe.1, standpipe-checkpoint.1 and so on.");

    private final Value<String> verb = syntax.operand("COMMAND", TextKind.VERB, "The command. Default: standpipe itself.");

    private final Value<String> nested = syntax.operand("SUBCOMMAND", GroupCommand.NESTED, "One of the group's, such as import of criu.");

    ManCommand() {
        super("standpipe man", "Prints the manual page of standpipe, or of one of its commands.");
        syntax.examples("standpipe man checkpoint | man -l -", "standpipe man criu import", "standpipe man --output ~/.local/share/man/man1");
    }

    @Override
    int run() throws IOException {
        Path all = directory.orNull();
        if (all == null) {
            out().print(page(GroupCommand.named(verb, nested)));
            return ExitCode.DONE;
        }
        require(!verb.isGiven(), "--output writes all pages: name no COMMAND");
        require(Files.isDirectory(all), "--output " + all + (Files.exists(all) ? ": no directory" : ": there is no such directory"));
        write(Verbs.root(), all);
        for (String each : Verbs.allNames()) {
            write(Objects.requireNonNull(Verbs.named(each)), all);
        }
        return ExitCode.DONE;
    }

    private static String page(Subcommand command) {
        return ManPage.of(command.syntax, command.commands());
    }

    private void write(Subcommand command, Path directory) throws IOException {
        Path page = directory.resolve(ManPage.name(command.syntax) + ".1");
        require(
                Files.isRegularFile(page, LinkOption.NOFOLLOW_LINKS) || !Files.exists(page, LinkOption.NOFOLLOW_LINKS),
                "--output " + page + ": something else than a regular file has this name");
        Path temporary = page.resolveSibling("." + page.getFileName() + "." + ProcessHandle.current().pid() + ".tmp");
        try {
            Files.writeString(temporary, page(command), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            Files.move(temporary, page, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw failure(page, e);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /** Returns the exception for a page that cannot be written, which names the page and not the temporary file. */
    private static StandpipeException failure(Path page, IOException e) {
        String reason = e instanceof AccessDeniedException ? "permission denied"
                : e instanceof FileSystemException file && file.getReason() != null ? file.getReason() : String.valueOf(e.getMessage());
        return reason.equals(READ_ONLY) ? new UnavailableException(page + ": the file system is read-only", e)
                : e instanceof AccessDeniedException ? new UnavailableException(page + ": " + reason, e)
                : new StandpipeException(page + ": " + (reason.equals(NO_SPACE) ? "no space is left" : reason), e);
    }
}
