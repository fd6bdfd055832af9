// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.CommandException;
import java.io.IOException;
import java.util.List;

/** A command that the user typed as one word, such as {@code 'consumer --flag'}. */
final class ShellCommand {

    private ShellCommand() {}

    /** Returns the program and its arguments: the shell, which runs the command. */
    static List<String> of(String line) {
        return List.of("/bin/sh", "-c", line);
    }

    /**
     * Returns the same as {@link #of}, if the shell knows the first word of the command, as far as that is a plain name.
     *
     * @throws CommandException if it does not, or there is no word
     */
    static List<String> checked(String line) throws CommandException {
        String word = line.strip().split("\\s+", 2)[0];
        if (word.isEmpty()) {
            throw new CommandException(CommandException.NOT_FOUND, "command \"" + line + "\": there is no word in it");
        }
        if (word.matches("[\\w./+-]+") && !isKnown(word)) {
            throw new CommandException(CommandException.NOT_FOUND, "command " + word + ": not found by /bin/sh");
        }
        return of(line);
    }

    private static boolean isKnown(String word) {
        try {
            Process shell = new ProcessBuilder("/bin/sh", "-c", "command -v -- \"$1\"", "sh", word)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(ProcessBuilder.Redirect.DISCARD).start();
            return shell.waitFor() == 0;
        } catch (IOException e) {
            return true; // The start of the command tells more.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
