// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.LiveEnds;
import io.standpipe.StandpipeException;
import io.standpipe.cli.options.NumberKind;
import io.standpipe.cli.options.Value;
import io.standpipe.internal.sys.FdNames;
import java.time.Duration;

/** {@code standpipe hold}. */
final class HoldCommand extends Subcommand {

    private static final int MOST_DAYS = 366;
    private static final Duration USUAL = Duration.ofMinutes(10);

    private final Value<Integer> process = syntax.option("--pid", "PID", NumberKind.PID, "The process.").required();

    private final Value<Integer> fds = syntax.option(
            "--fd", "N", NumberKind.ANY, "Only these of its descriptors; each must be a pipe. Default: all that are.").list();

    private final Value<Duration> length = syntax.option(
            "--for", "TIME", new TimeKind(), "How long, as 30s, 10m or 2h; at least a second. Default: 10m.");

    HoldCommand() {
        super(
                "standpipe hold",
                "Keeps the ends of a process's pipes open, whatever becomes of it: nobody at the other ends sees an end of file, or gets"
                        + " SIGPIPE. Nothing is read or written.",
                "Prints the pid of the process that holds them, at their old numbers: standpipe-hold, a small program without a JVM. Where the"
                        + " pid cannot be printed nothing is held. The process ends by itself after a while, or when it gets SIGTERM. swap puts a command in its place; checkpoint and peek work"
                        + " on it as on any process.");
        syntax.examples(
                "standpipe hold --pid 4711",
                "H=$(standpipe hold --pid 4711 --fd 0 --for 1h); kill 4711; standpipe swap --pid $H -- consumer");
    }

    @Override
    boolean losesWhatIsNotRead() {
        return true;
    }

    @Override
    int run() throws StandpipeException {
        int pid = process.get();
        int[] only = fds.all().stream().mapToInt(Integer::intValue).toArray();
        Duration time = length.orElse(USUAL);
        require(!time.isZero() && time.toDays() <= MOST_DAYS, "--for: expected more than 0, and at most " + MOST_DAYS + " days");
        long seconds = Math.max(1, time.toSeconds());
        output().requireWritable();
        try (LiveEnds ends = only.length == 0 ? LiveEnds.ofProcess(pid) : LiveEnds.ofProcess(pid, only)) {
            ProcessHandle holder = ends.hold(Duration.ofSeconds(seconds));
            out().println(holder.pid());
            if (out().checkError()) {
                holder.destroy(); // Nobody would know what to end.
                return ExitCode.DONE;
            }
            note("process " + holder.pid() + " holds " + FdNames.of(ends.numbers()) + " of process " + pid + " for "
                    + seconds + " s; as long as it holds write ends, their readers see no end of file");
        }
        return ExitCode.DONE;
    }
}
