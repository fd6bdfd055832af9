// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import java.util.List;

/** A command that the user typed as one word, such as {@code 'consumer --flag'}. */
final class ShellCommand {

    private ShellCommand() {}

    /** Returns the program and its arguments: the shell, which runs the command. */
    static List<String> of(String line) {
        return List.of("/bin/sh", "-c", line);
    }
}
