// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.CheckpointReport;
import io.standpipe.cli.criu.CriuProgram;
import io.standpipe.cli.criu.TreeCapture;
import io.standpipe.cli.criu.TreeDump;
import io.standpipe.cli.options.NumberKind;
import io.standpipe.cli.options.PathKind;
import io.standpipe.cli.options.TextKind;
import io.standpipe.cli.options.Value;
import java.io.IOException;
import java.nio.file.Path;

/** {@code standpipe criu dump}. */
final class CriuDumpCommand extends Subcommand {

    /** A process that was killed by a signal has this and the signal's number as its exit status. */
    private static final int SIGNALLED = 128;
    private static final int LAST_SIGNAL = 64;

    private final Value<Integer> tree = syntax.option(
            "--tree", "PID", NumberKind.PID, "The process; its descendants are dumped, too.").required();

    private final Value<Path> directory = syntax.option(
            "--images-dir", "DIR", PathKind.DIRECTORY, "Where the images are to be. Those of an earlier dump are replaced.").required();

    private final Value<Path> program = syntax.option("--criu", "PROGRAM", PathKind.FILE, CriuCommand.PROGRAM);

    private final Value<String> options =
            syntax.operand("CRIU-OPTION", TextKind.PLAIN, "Options for criu dump, behind --, such as --shell-job or --leave-running.").repeated();

    CriuDumpCommand() {
        super(
                "standpipe criu dump",
                "Has CRIU dump processes, and saves beside it what is in their pipes: all that CRIU leaves out, and at the same instant.",
                "CRIU freezes the processes; before it lets them go their pipes are saved to standpipe.img, in the directory of CRIU's images. Without"
                        + " --leave-running CRIU ends the processes then. Whatever fails, they go on as before.");
        syntax.exitStatus("0", "Dumped.");
        syntax.exitStatus("125", "It failed, and the processes go on.");
        syntax.exitStatus("126", "CRIU cannot be executed.");
        syntax.exitStatus("127", "There is no CRIU.");
        syntax.exitStatus("N", "Any other is CRIU's own.");
        syntax.examples(
                "standpipe criu dump --tree 4711 --images-dir dump",
                "standpipe criu dump --tree 4711 --images-dir dump -- --shell-job --leave-running");
    }

    @Override
    boolean isForACommand() {
        return true;
    }

    @Override
    int run() throws IOException, InterruptedException {
        CriuCommand.requireDirectory(this, directory);
        CriuProgram criu = CriuProgram.find(program.orNull());
        TreeDump dump = new TreeDump(tree.get(), directory.get(), this::note);
        int status = dump.run(criu, options.all());
        CheckpointReport report = dump.report();
        if (status > SIGNALLED && status <= SIGNALLED + LAST_SIGNAL) {
            message(criu.path() + " was killed by signal " + (status - SIGNALLED) + ": look whether the processes go on, since a CRIU that is"
                    + " killed may leave its own code in them");
        } else if (status != 0) {
            note(criu.path() + " failed with exit status " + status + "; the processes go on as before");
        } else if (report == null) {
            note("dumped by CRIU; the processes have no pipes");
        } else {
            note(String.format(
                    "dumped by CRIU, and saved %s with %s bytes in flight, behind %s of %s, to %s; frozen for %s more than by CRIU alone",
                    Sizes.count(report.pipes(), "pipe"), Sizes.grouped(report.payloadBytes()),
                    Sizes.count(report.descriptors(), "descriptor"), CriuCommand.processes(report),
                    directory.get().resolve(TreeCapture.IMAGE), Sizes.duration(dump.capturing())));
            report.notes().forEach(this::message);
        }
        return status;
    }
}
