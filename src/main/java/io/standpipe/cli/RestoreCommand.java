// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.Restore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code standpipe restore}. */
@Command(
        name = "restore",
        description = {
            "Becomes a command that has the saved descriptors at their old numbers, or starts one for each saved process.",
            "Ends of the saved pipes that were held by nobody in the image are closed: where the writer is gone, the"
                    + " command reads what was in flight and then sees the end."
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  standpipe restore app.ckpt -- cat",
            "  standpipe restore app.ckpt -- consumer --flag",
            "  standpipe restore app.ckpt --run 4711='consumer --flag' --run 4712=producer"
        })
final class RestoreCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--copy",
            description = "Copy the payload: then the image may be written to while the pipes are in use.")
    private boolean copy;

    @Option(
            names = "--best-effort",
            description = "Go on where a limit or a permission does not allow all to be as it was, and say what is not: a"
                    + " smaller capacity where the bytes still fit, another owner, no signals for other processes.")
    private boolean bestEffort;

    @Option(
            names = "--fifo-base",
            paramLabel = "DIR",
            description = "Allow FIFOs whose path is below this directory. Default: none, since an image's paths are not trusted.")
    private @Nullable Path fifoBase;

    @Option(
            names = "--fifo-root",
            paramLabel = "DIR",
            description = "Allow FIFOs, and take their paths from this directory as the root, such as that of a container.")
    private @Nullable Path fifoRoot;

    @Option(names = "--create-fifos", description = "Make a FIFO anew where its path leads nowhere.")
    private boolean createFifos;

    @Option(
            names = "--recreate-unlinked-fifos",
            description = "Make a FIFO that had been unlinked at its path, and unlink it again. Default: an anonymous pipe.")
    private boolean recreateUnlinkedFifos;

    @Option(
            names = "--run",
            paramLabel = "PID=COMMAND",
            description = "Start a command in place of the process that had this pid; may be given several times. /bin/sh runs"
                    + " it. Processes without a command are gone: their ends are closed.")
    private LinkedHashMap<Integer, String> commands = new LinkedHashMap<>();

    @Mixin
    private ProgressOption progress;

    @Parameters(index = "0", paramLabel = "FILE", description = "The image; - is standard input.")
    private Path image;

    @Parameters(index = "1..*", arity = "0..*", paramLabel = "COMMAND", description = "The command and its arguments, behind --.")
    private List<String> command = List.of();

    @Override
    public Integer call() throws IOException {
        Set<Integer> inherited = InheritedDescriptors.find();
        if (commands.isEmpty() == command.isEmpty()) {
            throw new ParameterException(spec.commandLine(), commands.isEmpty()
                    ? "no COMMAND is given: behind --, or with --run for each process"
                    : "there are commands with --run and one behind --: give the one or the others");
        }
        return progress.watch(inherited, display -> {
            Restore restore = chosen().reporting(display);
            Set<Integer> handedOver = progress.withoutProgressFd(inherited);
            if (!commands.isEmpty()) {
                return new StartedPipeline(spec.commandLine().getErr(), display::done).run(restore, commands, handedOver);
            }
            restore.exec(command, handedOver, deviation -> {
                spec.commandLine().getErr().println("standpipe: " + deviation);
                spec.commandLine().getErr().flush();
            });
            throw new IllegalStateException("exec came back without a failure");
        });
    }

    private Restore chosen() {
        if (fifoBase != null && fifoRoot != null) {
            throw new ParameterException(
                    spec.commandLine(), "--fifo-base and --fifo-root exclude each other: name one of them");
        }
        Restore restore = StandardStreams.restoreFrom(image);
        restore = copy ? restore.copying() : restore;
        restore = bestEffort ? restore.bestEffort() : restore;
        restore = fifoBase != null ? restore.fifosBelow(fifoBase) : restore;
        restore = fifoRoot != null ? restore.fifosInRoot(fifoRoot) : restore;
        restore = createFifos ? restore.creatingFifos() : restore;
        return recreateUnlinkedFifos ? restore.recreatingUnlinkedFifos() : restore;
    }
}
