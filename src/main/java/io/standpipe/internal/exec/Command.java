// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.exec;

import io.standpipe.CommandException;
import io.standpipe.pipe.Errno;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A command that can be run.
 *
 * @param words the name it is called by, and its arguments
 * @param path the program's file
 */
record Command(List<String> words, String path) {

    private static final String DEFAULT_PATH = "/usr/local/bin:/bin:/usr/bin";

    /**
     * Finds a command's program as execvp does: by its path if the name has a slash, else in the directories of PATH.
     *
     * @param what the command, for messages
     * @throws CommandException if there is no such program, or none that is executable
     */
    static Command find(String what, List<String> words) throws CommandException {
        if (words.isEmpty()) {
            throw new IllegalArgumentException(what + " is empty, expected a program and its arguments");
        }
        return new Command(List.copyOf(words), find(words.get(0)));
    }

    private static String find(String name) throws CommandException {
        if (name.isEmpty()) {
            throw new CommandException(CommandException.NOT_FOUND, "command \"\": the name is empty");
        }
        if (name.indexOf('/') >= 0) {
            if (!Files.exists(Path.of(name))) {
                throw new CommandException(CommandException.NOT_FOUND, "command " + name + ": there is no such file");
            }
            return checkExecutable(name, name);
        }
        String directories = System.getenv().getOrDefault("PATH", DEFAULT_PATH);
        String unusable = null;
        for (String directory : directories.split(File.pathSeparator, -1)) {
            String file = (directory.isEmpty() ? "." : directory) + "/" + name;
            if (isExecutable(file)) {
                return file;
            }
            if (unusable == null && Files.exists(Path.of(file))) {
                unusable = file;
            }
        }
        if (unusable != null) {
            return checkExecutable(name, unusable);
        }
        throw new CommandException(
                CommandException.NOT_FOUND, "command " + name + ": not found in any folder of PATH (" + directories + ")");
    }

    private static String checkExecutable(String name, String file) throws CommandException {
        if (!isExecutable(file)) {
            throw new CommandException(
                    CommandException.NOT_EXECUTABLE, "command " + name + ": " + file + " is not executable");
        }
        return file;
    }

    private static boolean isExecutable(String file) {
        return Files.isExecutable(Path.of(file)) && !Files.isDirectory(Path.of(file));
    }

    /** Returns the exception for a program that the kernel refused to execute. */
    CommandException refused(int errno, @Nullable String reason, @Nullable Throwable cause) {
        int status = errno == Errno.ENOENT ? CommandException.NOT_FOUND : CommandException.NOT_EXECUTABLE;
        return new CommandException(status, "command " + words.get(0) + ": " + reason, cause);
    }
}
