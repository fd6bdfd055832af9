// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.LivePipe;
import io.standpipe.LivePipes;
import io.standpipe.StandpipeException;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code standpipe list}. */
@Command(
        name = "list",
        description = {
            "Lists the pipes and FIFOs that running processes hold, as far as you may look at them: who holds which end, how"
                    + " full they are, and who is blocked.",
            "It looks only: nothing is opened, consumed or stopped. Its own pipes are left out."
        },
        mixinStandardHelpOptions = true,
        footer = {"", "Examples:", "  standpipe list", "  standpipe list --pid 4711 --json"})
final class ListCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--pid",
            split = ",",
            paramLabel = "PID",
            description = "Only the pipes that this process holds an end of; may be given several times.")
    private List<Integer> pids = List.of();

    @Option(names = "--json", description = "As JSON.")
    private boolean json;

    @Override
    public Integer call() throws StandpipeException {
        LivePipes pipes = LivePipes.find();
        List<LivePipe> listed = pids.isEmpty() ? pipes.all() : pipes.of(pids);
        if (json) {
            LivePipeJson.write(listed, spec.commandLine().getOut());
        } else {
            LivePipeText.write(listed, spec.commandLine().getOut());
        }
        if (pipes.unseenProcesses() > 0) {
            ExitCode.printMessage(
                    spec.commandLine().getErr(),
                    "processes that could not be looked at, and may hold ends too: " + pipes.unseenProcesses());
        }
        return ExitCode.DONE;
    }
}
