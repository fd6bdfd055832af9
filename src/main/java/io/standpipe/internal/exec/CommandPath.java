// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.exec;

import io.standpipe.CommandException;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;

/** Finds a command's file as execvp does: by its path if the name has a slash, else in the folders of PATH. */
public final class CommandPath {

    private static final String DEFAULT_PATH = "/usr/local/bin:/bin:/usr/bin";

    private CommandPath() {}

    static String resolve(String command) throws CommandException {
        if (command.isEmpty()) {
            throw new CommandException(CommandException.NOT_FOUND, "command \"\": the name is empty");
        }
        if (command.indexOf('/') >= 0) {
            if (!Files.exists(Path.of(command))) {
                throw new CommandException(CommandException.NOT_FOUND, "command " + command + ": there is no such file");
            }
            return executable(command, command);
        }
        String path = System.getenv().getOrDefault("PATH", DEFAULT_PATH);
        String unusable = null;
        for (String folder : path.split(File.pathSeparator, -1)) {
            String candidate = (folder.isEmpty() ? "." : folder) + "/" + command;
            if (isExecutable(candidate)) {
                return candidate;
            }
            if (unusable == null && Files.exists(Path.of(candidate))) {
                unusable = candidate;
            }
        }
        if (unusable != null) {
            return executable(command, unusable);
        }
        throw new CommandException(
                CommandException.NOT_FOUND, "command " + command + ": not found in any folder of PATH (" + path + ")");
    }

    private static String executable(String command, String candidate) throws CommandException {
        if (!isExecutable(candidate)) {
            throw new CommandException(
                    CommandException.NOT_EXECUTABLE, "command " + command + ": " + candidate + " is not executable");
        }
        return candidate;
    }

    private static boolean isExecutable(String candidate) {
        Path file = Path.of(candidate);
        return Files.isExecutable(file) && !Files.isDirectory(file);
    }
}
