// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.LivePipe;
import io.standpipe.LivePipes;
import io.standpipe.LiveSocket;
import io.standpipe.LiveSockets;
import io.standpipe.PipeChain;
import io.standpipe.StandpipeException;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.PipeCalls;
import io.standpipe.pipe.ErrnoException;
import java.io.PrintWriter;
import java.io.Writer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code standpipe list}. */
@Command(
        name = "list",
        description = {
            "Lists the pipes and FIFOs that running processes hold or wait to open, as far as you may look at them: how full each is,"
                    + " what becomes of its bytes, who holds which end, and what each of these does or waits for.",
            "Unix sockets in which bytes wait are listed too, since some programs join their children by socket pairs; with --pid,"
                    + " also those that are standard streams.",
            "It looks only: nothing is opened, consumed or stopped. Its own pipes are left out."},
        footer = {"", "Examples:",
            "  standpipe list --blocked",
            "  standpipe list --pid 4711 --watch",
            "  standpipe list --follow 4711",
            "  standpipe list --columns pid,command,fd,end,queued,state",
            "  standpipe list --dot | dot -Tsvg > pipes.svg"})
final class ListCommand extends Subcommand {

    private static final double LEAST_SECONDS = 0.1;
    private static final double MOST_SECONDS = 86_400;
    private static final int MILLIS_PER_SECOND = 1000;

    @Option(
            names = "--pid", split = ",", paramLabel = "PID",
            description = "Only the pipes that this process holds an end of, or waits to open; may be given several times.")
    private List<Integer> pids = List.of();

    @Option(
            names = "--follow", paramLabel = "PID",
            description = "Follows the bytes from this process: along its write ends to the readers, along theirs to the next ones, and"
                    + " to the place where they are stuck.")
    private @Nullable Integer followed;

    @Option(names = "--blocked", description = "Only what is stuck.")
    private boolean blocked;

    @Option(
            names = "--watch", arity = "0..1", fallbackValue = "2", paramLabel = "SECONDS",
            description = "Lists again and again, every 2 seconds unless another time is given, with what has moved since.")
    private @Nullable Double watchSeconds;

    @ArgGroup
    private ListForm form = new ListForm();

    @Override
    public Integer call() throws StandpipeException {
        require(followed == null || pids.isEmpty(), "--follow and --pid exclude each other");
        require(followed == null || !blocked, "--follow and --blocked exclude each other");
        require(watchSeconds == null || !form.isDot(), "--watch and --dot exclude each other");
        require(
                watchSeconds == null || watchSeconds >= LEAST_SECONDS && watchSeconds <= MOST_SECONDS,
                "--watch takes 0.1 to 86400 seconds");
        Movement movement = list(Movement.unknown(), true);
        while (watchSeconds != null && isRead(watchSeconds)) {
            if (form.isForPeople()) {
                out().println();
            }
            movement = list(movement, false);
        }
        return ExitCode.DONE;
    }

    /**
     * Waits for the next round.
     *
     * @return false if standard output was a pipe or a terminal that is gone: its reader has seen enough
     */
    private boolean isRead(double seconds) throws StandpipeException {
        out().flush();
        try {
            if (!PipeCalls.awaitClosing(STANDARD_OUTPUT, (int) (seconds * MILLIS_PER_SECOND))) {
                return !out().checkError();
            }
        } catch (ErrnoException e) {
            throw Failures.of("cannot wait", e);
        }
        spec.root().commandLine().setOut(new PrintWriter(Writer.nullWriter()));
        return false;
    }

    /**
     * Does one round.
     *
     * @param first whether what could not be looked at is said
     * @return what the next round is compared with
     */
    private Movement list(Movement before, boolean first) throws StandpipeException {
        LivePipes found = pids.isEmpty() ? LivePipes.find() : LivePipes.ofProcesses(pids);
        List<LivePipe> pipes = followed == null ? found.all() : found.of(List.of(followed));
        List<LiveSocket> sockets = pids.isEmpty() ? LiveSockets.withQueuedBytes() : LiveSockets.of(pids);
        Listing listing = new Listing(pipes, sockets, found.unseen());
        PipeChain chain = followed == null ? null : PipeChain.from(followed, found.all(), sockets).orElse(null);
        Listing shown = followed != null ? listing.on(chain) : blocked ? listing.stuck() : listing;
        Movement movement = watchSeconds == null ? before : before.next(shown);
        if (watchSeconds != null && form.isForPeople()) {
            out().println(Instant.now().truncatedTo(ChronoUnit.SECONDS));
        }
        form.print(shown, chain, found.all(), movement, out());
        if (first) {
            say(chain, listing, shown);
            found.hidden().forEach(hidden -> message("not looked at, and may hold ends too: " + hidden));
        }
        return movement;
    }

    private void say(@Nullable PipeChain chain, Listing listing, Listing shown) {
        if (blocked && shown.isEmpty()) {
            message("nothing is stuck, as far as could be looked at");
        }
        if (followed != null && chain == null) {
            message("process " + followed + " holds no pipe, nor a socket in which bytes wait");
        }
        for (int pid : pids) {
            String streams = StandardStreams.message(pid, listing);
            if (streams != null) {
                message(streams);
            }
        }
        UnseenText.messages(listing.unseen()).forEach(this::message);
    }
}
