// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.Checkpoint;
import io.standpipe.CheckpointReport;
import io.standpipe.Durability;
import io.standpipe.Freeze;
import io.standpipe.cli.options.Flag;
import io.standpipe.cli.options.NumberKind;
import io.standpipe.cli.options.Value;
import io.standpipe.cli.options.WordKind;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** {@code standpipe checkpoint}. */
final class CheckpointCommand extends Subcommand {

    /** Of so many processes pids are printed, of more only how many they are. */
    private static final int MOST_NAMED = 4;

    private static final WordKind<Freeze> FREEZES = new WordKind<>(Freeze.values());
    private static final WordKind<Capture> CAPTURES = new WordKind<>(Capture.values());

    private final Value<Integer> pids = syntax.option(
            "--pid", "PID", NumberKind.PID, "A process whose pipes are saved; may be given several times, or as a list.").list();

    private final Value<Integer> tree = syntax.option("--tree", "PID", NumberKind.PID, "A process with all its descendants.");

    private final Value<ProcessFd> fds = syntax.option(
            "--fd", ProcessFd.LABEL, new ProcessFd.Form(),
            "Only these descriptors of the process; each must be a pipe. Default: all that are.").list();

    private final Value<ProcessFd> leftOut = syntax.option(
            "--leave-out", ProcessFd.LABEL, new ProcessFd.Form(),
            "Not these descriptors of the process, such as one that you have no right to read.").list();

    private final Value<Freeze> freeze = syntax.option(
            "--freeze", "HOW", FREEZES,
            "How the processes are frozen meanwhile: none, ptrace, stop (SIGSTOP, which their parents notice) or cgroup"
                    + " (the cgroups that they are in). Default: ptrace. Each but none ends epoll_wait, sigtimedwait, semtimedop"
                    + " and receiving with a timeout early with EINTR; reads, writes, poll, select and sleeping go on.");

    private final Value<Capture> capture = syntax.option(
            "--capture", "WAY", CAPTURES,
            "How bytes are captured while the processes are frozen. A clone shares pages with the pipe, which a program"
                    + " that uses vmsplice, splice or sendfile may change later; a copy does not. copy: always copy. auto: copy if"
                    + " there are no more than 16 pipes of the usual capacity, or a program is seen in such a call; else clone."
                    + " Default: auto.");

    /** How bytes are captured. */
    enum Capture {
        AUTO,
        COPY
    }

    private final Flag writeWhileFrozen = syntax.flag(
            "--write-while-frozen",
            "Write the image before they run again: they are frozen for longer, but one clone serves all pipes,"
                    + " where limits do not allow one for each. Refused if the image goes to a pipe that only they read.");

    private final Flag strict = syntax.flag(
            "--strict",
            "Refuse if another process holds an end of one of the pipes too, or may: run as root to look at all."
                    + " Default: the image tells of it.");

    private final Value<ImagePlace> output = syntax.option(
            "-o, --output", "FILE", ImagePlace.Form.ANY,
            "The image; appears when it is whole and durable, with mode 0600. s3://BUCKET/KEY is an object of an S3 store; - is standard"
                    + " output.").required();

    private final Flag noSync = syntax.flag(
            "--no-sync",
            "Do not wait until the image is on the medium: it may be lost in a crash of the system. For tests, and for images that are"
                    + " read again soon.");

    private final Flag json = syntax.flag(
            "--json",
            "Report as JSON, which docs/checkpoint.schema.json describes: on standard output, or where the image goes there, on"
                    + " standard error.");

    private final ProgressOption progress = new ProgressOption(this);

    CheckpointCommand() {
        super("standpipe checkpoint", "Saves the pipes of running processes to an image, without consuming a byte.");
        syntax.exactlyOne(pids, tree);
        syntax.examples(
                "standpipe checkpoint --pid 4711 --output app.ckpt",
                "standpipe checkpoint --pid 4711 --fd 0,5 --output app.ckpt",
                "standpipe checkpoint --pid 4711,4712 --fd 4711:1,4712:0 --output app.ckpt",
                "standpipe checkpoint --tree 4711 --freeze cgroup --output app.ckpt",
                "standpipe checkpoint --tree 4711 --output s3://bucket/app.ckpt",
                "standpipe checkpoint --pid 4711 --output - | ssh host standpipe restore - -- consumer");
    }

    @Override
    boolean losesWhatIsNotRead() {
        return true;
    }

    @Override
    int run() throws IOException {
        ImagePlace image = output.get();
        require(
                !noSync.isGiven() || image.file() != null,
                "--no-sync: only an image in a file is synced, and this one goes to " + (image.isStream() ? "standard output" : image));
        require(!image.isStream() || !progress.isFd(STANDARD_OUTPUT), "--progress-fd 1: that is where the image goes");
        return progress.watch(display -> {
            Checkpoint checkpoint = chosen().reporting(display);
            CheckpointReport report = image.take(checkpoint);
            display.saved(report);
            display.done();
            if (json.isGiven()) {
                JsonDocument.print(image.isStream() ? output().err() : out(), ReportJson.of(report, image.name()));
            } else {
                print(report);
            }
            return ExitCode.DONE;
        });
    }

    private void print(CheckpointReport report) {
        note(String.format(
                "saved %s with %s bytes in flight, behind %s of %s, to %s (%s)%s%s%s",
                Sizes.count(report.pipes(), "pipe"), Sizes.grouped(report.payloadBytes()),
                Sizes.count(report.descriptors(), "descriptor"), processes(report),
                output.get().isStream() ? "standard output" : output.get(), Sizes.bytes(report.imageBytes()),
                times(report), readAhead(report), inaccessible(report)));
        report.notes().forEach(this::message);
    }

    private Checkpoint chosen() {
        Checkpoint checkpoint = tree.isGiven() ? Checkpoint.ofTree(tree.get()) : Checkpoint.ofProcesses(pidsGiven());
        for (Map.Entry<Integer, int[]> of : byPid(fds).entrySet()) {
            checkpoint = checkpoint.onlyDescriptors(of.getKey(), of.getValue());
        }
        for (Map.Entry<Integer, int[]> of : byPid(leftOut).entrySet()) {
            checkpoint = checkpoint.leavingOut(of.getKey(), of.getValue());
        }
        checkpoint = freeze.isGiven() ? checkpoint.freezing(freeze.get()) : checkpoint;
        checkpoint = capture.orNull() == Capture.COPY ? checkpoint.copying() : checkpoint;
        checkpoint = noSync.isGiven() ? checkpoint.durability(Durability.NONE) : checkpoint;
        checkpoint = writeWhileFrozen.isGiven() ? checkpoint.writingWhileFrozen() : checkpoint;
        return strict.isGiven() ? checkpoint.strict() : checkpoint.lookingForOthers();
    }

    private long[] pidsGiven() {
        return pids.all().stream().mapToLong(Integer::longValue).toArray();
    }

    private Map<Integer, int[]> byPid(Value<ProcessFd> option) {
        return byPid(option.name(), option.all(), pids.all().size() == 1 ? pids.get() : null);
    }

    /** Returns what is not in any pipe though it came through one, so that nobody takes the image for all that a reader had to read. */
    private static String readAhead(CheckpointReport report) {
        List<Long> readers = report.readers();
        String names = readers.size() == 1 ? "process " + readers.get(0)
                : readers.size() > MOST_NAMED ? Sizes.grouped(readers.size()) + " processes"
                : "processes " + readers.stream().map(String::valueOf).collect(Collectors.joining(", "));
        return readers.isEmpty() ? "" : "; not saved: what " + names + " had read already";
    }

    private static String processes(CheckpointReport report) {
        return report.pids().size() == 1 ? "process " + report.pids().get(0) : Sizes.grouped(report.pids().size()) + " processes";
    }

    private static String inaccessible(CheckpointReport report) {
        return report.unseenProcesses() == 0
                ? "" : "; processes that could not be looked at, and may hold ends too: " + report.unseenProcesses();
    }

    private static String times(CheckpointReport report) {
        String written = "written in " + Sizes.duration(report.writing());
        return report.frozen().isZero()
                ? "; " + written : "; frozen for " + Sizes.duration(report.frozen()) + ", " + written;
    }
}
