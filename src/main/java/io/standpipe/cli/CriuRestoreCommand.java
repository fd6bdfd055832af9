// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.cli.criu.CriuProgram;
import io.standpipe.cli.criu.TreeRestore;
import io.standpipe.cli.options.Flag;
import io.standpipe.cli.options.PathKind;
import io.standpipe.cli.options.TextKind;
import io.standpipe.cli.options.Value;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** {@code standpipe criu restore}. */
final class CriuRestoreCommand extends Subcommand {

    private static final Duration HELD = Duration.ofMinutes(10);

    /** What this process had open when it began. */
    private final InheritedDescriptors noted = InheritedDescriptors.note();

    private final Value<Path> directory = syntax.option(
            "--images-dir", "DIR", PathKind.DIRECTORY, "Where criu dump of this command has put the images.").required();

    private final Value<Path> program = syntax.option("--criu", "PROGRAM", PathKind.FILE, CriuCommand.PROGRAM);

    private final Value<InheritedFd> inheritedAs = syntax.option(
            "--inherit", InheritedFd.LABEL, new InheritedFd.Form(),
            "Give the caller's descriptor FD to the process that had N, in place of the saved one, which is not restored: for pipes whose"
                    + " other end was outside of the dump. Processes that shared the description of N get it, too. PID is the one that the image"
                    + " has; it may be missing if there is only one process.").list();

    private final Value<Duration> hold = syntax.option(
            "--hold", "TIME", new TimeKind(),
            "How long a small process holds the ends of restored pipes that only processes outside of the dump had, so that"
                    + " nobody sees them closed. 0 closes them. Default: 10m.");

    private final Flag bestEffort = syntax.flag(
            "--best-effort",
            "Go on where a limit or a permission does not allow a pipe to be all as it was, and say what is not.");

    private final Value<String> options =
            syntax.operand("CRIU-OPTION", TextKind.PLAIN, "Options for criu restore, behind --, such as --shell-job or --restore-detached.").repeated();

    CriuRestoreCommand() {
        super(
                "standpipe criu restore",
                "Makes the pipes of a dump anew, with all that was in them, and becomes CRIU, which restores the processes with these pipes.",
                "CRIU restores from a directory standpipe-view below that of the images, which stay as they are: there the descriptions of"
                        + " pipes are entries that CRIU takes over from its caller. What CRIU has of no standpipe.img it restores itself.");
        syntax.exitStatus("125", "It failed, and CRIU was not run.");
        syntax.exitStatus("126", "CRIU cannot be executed.");
        syntax.exitStatus("127", "There is no CRIU.");
        syntax.exitStatus("N", "Any other is CRIU's own.");
        syntax.examples(
                "standpipe criu restore --images-dir dump",
                "standpipe criu restore --images-dir dump -- --shell-job --restore-detached",
                "producer | standpipe criu restore --images-dir dump --inherit 0=4711:0");
    }

    @Override
    boolean isForACommand() {
        return true;
    }

    @Override
    int run() throws IOException {
        Set<Integer> kept = noted.fds();
        CriuCommand.requireDirectory(this, directory);
        CriuProgram criu = CriuProgram.find(program.orNull());
        List<TreeRestore.Inherited> inherited = new ArrayList<>();
        for (InheritedFd each : inheritedAs.all()) {
            Integer pid = each.saved().pid();
            require(kept.contains(each.fd()), "--inherit: descriptor " + each.fd() + " is not open");
            inherited.add(new TreeRestore.Inherited(each.fd(), pid == null ? 0 : pid, each.saved().fd()));
        }
        new TreeRestore(directory.get(), bestEffort.isGiven(), inherited, hold.orElse(HELD))
                .become(criu, options.all(), kept, this::message);
        throw new IllegalStateException("exec came back without a failure");
    }
}
