// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.CheckpointReport;
import io.standpipe.cli.options.Value;
import java.nio.file.Files;
import java.nio.file.Path;

/** {@code standpipe criu}, a group of commands. */
final class CriuCommand extends GroupCommand {

    /** What the help has for the option that names CRIU. */
    static final String PROGRAM = "The program criu. Default: that of the variable CRIU, or criu in a directory of PATH.";

    CriuCommand() {
        super("criu", "Works together with CRIU, which saves whole processes.");
        syntax.examples(
                "standpipe criu dump --tree 4711 --images-dir dump", "standpipe criu restore --images-dir dump",
                "standpipe criu import dump --output app.ckpt");
    }

    /** Throws unless an option names a directory that exists. */
    static void requireDirectory(Subcommand command, Value<Path> option) {
        command.require(Files.isDirectory(option.get()), option.name() + ": " + (Files.exists(option.get())
                ? option.get() + " is no directory" : "there is no directory " + option.get()));
    }

    /** Returns in words how many processes were saved. */
    static String processes(CheckpointReport report) {
        return report.pids().size() == 1 ? "process " + report.pids().get(0) : Sizes.grouped(report.pids().size()) + " processes";
    }
}
