// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.LivePipe;
import io.standpipe.LivePipes;
import io.standpipe.StandpipeException;
import io.standpipe.cli.options.Flag;
import io.standpipe.cli.options.NumberKind;
import io.standpipe.cli.options.Value;
import io.standpipe.internal.proc.LiveSocket;
import io.standpipe.internal.proc.LiveSocketScan;
import io.standpipe.internal.proc.TraceRefusal;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.PipeCalls;
import io.standpipe.pipe.ErrnoException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code standpipe list}. */
final class ListCommand extends Subcommand {

    private static final int MILLIS_PER_SECOND = 1000;

    private final Value<Integer> processes = syntax.option(
            "--pid", "PID", NumberKind.PID,
            "Only the pipes that this process holds an end of, or waits to open; may be given several times.").list();

    private final Value<Integer> follow = syntax.option(
            "--follow", "PID", NumberKind.PID,
            "Follows the bytes from this process: along its write ends to the readers, along theirs to the next ones, and"
                    + " to the place where they are stuck.");

    private final Flag blockedOnly = syntax.flag("--blocked", "Only what is stuck.");

    private final Value<Double> watch = syntax.option(
            "--watch", "SECONDS", new SecondsKind(),
            "Lists again and again, every 2 seconds unless another time is given, with what has moved since.").ifBare("2");

    private final ListForm form = new ListForm(syntax);

    ListCommand() {
        super(
                "standpipe list",
                "Lists the pipes and FIFOs that running processes hold or wait to open, as far as you may look at them: how full each is,"
                        + " what becomes of its bytes, who holds which end, and what each of these does or waits for.",
                "Unix sockets in which bytes wait are listed too, since some programs join their children by socket pairs; with --pid,"
                        + " also those that are standard streams.",
                "It looks only: nothing is opened, consumed or stopped. Its own pipes are left out.");
        syntax.examples(
                "standpipe list --blocked",
                "standpipe list --pid 4711 --watch",
                "standpipe list --follow 4711",
                "standpipe list --columns pid,command,fd,end,queued,state",
                "standpipe list --dot | dot -Tsvg > pipes.svg");
    }

    @Override
    int run() throws StandpipeException {
        Double watchSeconds = watch.orNull();
        require(!follow.isGiven() || !processes.isGiven(), "--follow and --pid exclude each other");
        require(!follow.isGiven() || !blockedOnly.isGiven(), "--follow and --blocked exclude each other");
        require(watchSeconds == null || !form.isDot(), "--watch and --dot exclude each other");
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
        output().dropData();
        return false;
    }

    /**
     * Does one round.
     *
     * @param first whether what could not be looked at is said
     * @return what the next round is compared with
     */
    private Movement list(Movement before, boolean first) throws StandpipeException {
        List<Integer> pids = processes.all();
        Integer followed = follow.orNull();
        LivePipes found = pids.isEmpty() ? LivePipes.find() : LivePipes.ofProcesses(pids.stream().mapToLong(Integer::longValue).toArray());
        List<LivePipe> pipes = followed == null ? found.all() : found.of(followed);
        List<LiveSocket> sockets = pids.isEmpty() ? LiveSocketScan.withQueuedBytes() : LiveSocketScan.of(pids);
        Listing listing = new Listing(pipes, sockets, found.unseen());
        PipeChain chain = followed == null ? null : PipeChain.from(followed, found.all(), sockets).orElse(null);
        Listing shown = followed != null ? listing.on(chain) : blockedOnly.isGiven() ? listing.stuck() : listing;
        Movement movement = watch.isGiven() ? before.next(shown) : before;
        if (watch.isGiven() && form.isForPeople()) {
            out().println(Instant.now().truncatedTo(ChronoUnit.SECONDS));
        }
        form.print(shown, chain, found.all(), movement, out(), output().dataColors());
        if (first) {
            say(chain, listing, shown);
            found.hidden().forEach(hidden -> note("not looked at, and may hold ends too: " + hidden));
        }
        return movement;
    }

    private void say(@Nullable PipeChain chain, Listing listing, Listing shown) {
        if (blockedOnly.isGiven() && shown.isEmpty()) {
            note("nothing is stuck, as far as could be looked at");
        }
        if (follow.isGiven() && chain == null) {
            note("process " + follow.get() + " holds no pipe, nor a socket in which bytes wait");
        }
        for (int pid : processes.all()) {
            String streams = StandardStreams.message(pid, listing);
            if (streams != null) {
                note(streams);
            }
        }
        UnseenText.messages(listing.unseen()).forEach(this::note);
        String refusal = shown.pipes().stream().anyMatch(pipe -> pipe.state() == LivePipe.State.NOT_MEASURED)
                ? TraceRefusal.ofCopyingAny() : null;
        if (refusal != null) {
            note("what waits in pipes of other processes is out of reach: " + refusal);
        }
    }
}
