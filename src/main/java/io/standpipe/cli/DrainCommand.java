// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.Drain;
import io.standpipe.DrainReport;
import io.standpipe.ReaderRunsException;
import io.standpipe.cli.options.Flag;
import io.standpipe.cli.options.NumberKind;
import io.standpipe.cli.options.PathKind;
import io.standpipe.cli.options.Value;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** {@code standpipe drain}. */
final class DrainCommand extends Subcommand {

    private static final long MOST_SECONDS_TO_STOP = 5;

    private final Value<Integer> process = syntax.option("--pid", "PID", NumberKind.PID, "The process.").required();

    private final Value<Integer> descriptor =
            syntax.option("--fd", "N", NumberKind.ANY, "Its descriptor: either end of the pipe.").required();

    private final Value<Path> file = syntax.option(
            "-o, --output", "FILE", PathKind.FILE, "A new file of mode 0600; none is overwritten. Default: -, standard output.");

    private final Flag following = syntax.flag(
            "--follow", "Go on until nobody has the write end any more, until interrupted, or until another process reads.");

    private final Flag yes = syntax.flag(
            "--yes",
            "Take the bytes although a process runs that would read them. Default: refuse, unless it is stopped or frozen.");

    DrainCommand() {
        super(
                "standpipe drain",
                "Takes what is queued out of a pipe of a running process, so that a writer goes on whose reader is gone or stuck.",
                "Unlike all other commands it does consume: what is taken, no reader gets any more. What could not be written stays in"
                        + " the pipe. If nobody has the pipe open for reading, it is opened for that.");
        syntax.examples(
                "standpipe drain --pid 4711 --fd 0 --output rest.log",
                "standpipe drain --pid 4711 --fd 1 --follow | gzip > rest.gz");
    }

    @Override
    boolean losesWhatIsNotRead() {
        return true;
    }

    @Override
    int run() throws IOException {
        boolean follow = following.isGiven();
        Path output = file.orElse(STREAM);
        Drain drain = Drain.of(process.get(), descriptor.get());
        drain = follow ? drain.following() : drain;
        drain = yes.isGiven() ? drain.besideReaders() : drain;
        CountDownLatch ended = new CountDownLatch(1);
        Thread stopper = stopper(drain, ended);
        Runtime.getRuntime().addShutdownHook(stopper);
        try {
            DrainReport report = isStream(output) ? drain.to(STANDARD_OUTPUT) : drain.to(output);
            note("took " + Sizes.count(report.takenBytes(), "byte") + " out of " + report.pipe() + ", left in it: "
                    + Sizes.grouped(report.leftBytes()));
            report.notes().forEach(this::message);
            return follow && !report.atEnd() ? ExitCode.FAILED : ExitCode.DONE;
        } catch (ReaderRunsException e) {
            throw new ReaderRunsException(e.getMessage() + ", or take it all the same: --yes", e.pid().orElse(0));
        } finally {
            ended.countDown();
            removeHook(stopper);
        }
    }

    /** Returns what ends the run when a signal ends this process: it says how much was taken before. */
    private static Thread stopper(Drain drain, CountDownLatch ended) {
        return new Thread(() -> {
            drain.stop();
            try {
                ended.await(MOST_SECONDS_TO_STOP, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }, "standpipe-stopper");
    }

    private static void removeHook(Thread stopper) {
        try {
            Runtime.getRuntime().removeShutdownHook(stopper);
        } catch (IllegalStateException e) {
            // This process is ending, by a signal.
        }
    }
}
