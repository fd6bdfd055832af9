// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.LiveEnds;
import io.standpipe.StandpipeException;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code standpipe hold}. */
@Command(
        name = "hold",
        description = {
            "Keeps the ends of a process's pipes open, whatever becomes of it: nobody at the other ends sees an end of file, or gets"
                    + " SIGPIPE. Nothing is read or written.",
            "Prints the pid of the process that holds them, at their old numbers: standpipe-hold, a small program without a JVM. It"
                    + " ends by itself after a while, or when it gets SIGTERM. swap puts a command in its place; checkpoint and peek work"
                    + " on it as on any process."},
        footer = {"", "Examples:",
            "  standpipe hold --pid 4711",
            "  H=$(standpipe hold --pid 4711 --fd 0 --for 1h); kill 4711; standpipe swap --pid $H -- consumer"})
final class HoldCommand extends Subcommand {

    private static final int MOST_DAYS = 366;

    @Option(names = "--pid", required = true, paramLabel = "PID", description = "The process.")
    private long pid;

    @Option(
            names = "--fd", split = ",", paramLabel = "N",
            description = "Only these of its descriptors; each must be a pipe. Default: all that are.")
    private int[] fds = {};

    @Option(
            names = "--for", paramLabel = "TIME", converter = TimeConverter.class,
            description = "How long, as 30s, 10m or 2h. Default: ${DEFAULT-VALUE}.", defaultValue = "10m")
    private Duration time;

    @Override
    public Integer call() throws StandpipeException {
        require(time.toSeconds() > 0 && time.toDays() <= MOST_DAYS, "--for: expected a second to " + MOST_DAYS + " days");
        try (LiveEnds ends = fds.length == 0 ? LiveEnds.ofProcess(pid) : LiveEnds.ofProcess(pid, fds)) {
            ProcessHandle holder = ends.hold(time);
            out().println(holder.pid());
            message("process " + holder.pid() + " holds descriptors " + ends.descriptors() + " of process " + pid + " for "
                    + time.toSeconds() + " s; as long as it holds write ends, their readers see no end of file");
        }
        return ExitCode.DONE;
    }
}
