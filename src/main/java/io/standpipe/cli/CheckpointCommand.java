// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.Checkpoint;
import io.standpipe.CheckpointReport;
import io.standpipe.Freeze;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code standpipe checkpoint}. */
@Command(
        name = "checkpoint",
        description = "Saves the pipes of running processes to an image, without consuming a byte.",
        footer = {"", "Examples:",
            "  standpipe checkpoint --pid 4711 --output app.ckpt",
            "  standpipe checkpoint --pid 4711 --fd 0,5 --output app.ckpt",
            "  standpipe checkpoint --pid 4711,4712 --fd 4711:1,4712:0 --output app.ckpt",
            "  standpipe checkpoint --tree 4711 --freeze cgroup --output app.ckpt",
            "  standpipe checkpoint --pid 4711 --output - | ssh host standpipe restore - -- consumer"})
final class CheckpointCommand extends Subcommand {

    @ArgGroup(multiplicity = "1")
    private Processes processes;

    /** The processes whose pipes are saved: named by pids, or by the root of a tree. */
    static final class Processes {

        @Option(
                names = "--pid", split = ",", paramLabel = "PID",
                description = "A process whose pipes are saved; may be given several times, or as a list.")
        private long @Nullable [] pids;

        @Option(names = "--tree", paramLabel = "PID", description = "A process with all its descendants.")
        private long root;
    }

    @Option(
            names = "--fd", split = ",", paramLabel = "[PID:]N", converter = ProcessFd.Converter.class,
            description = "Only these descriptors of the process; each must be a pipe. Default: all that are.")
    private List<ProcessFd> fds = List.of();

    @Option(
            names = "--leave-out", split = ",", paramLabel = "[PID:]N", converter = ProcessFd.Converter.class,
            description = "Not these descriptors of the process, such as one that you have no right to read.")
    private List<ProcessFd> leftOut = List.of();

    @Option(
            names = "--freeze", paramLabel = "HOW", completionCandidates = FreezeNames.class,
            description = "How the processes are frozen meanwhile: none, ptrace, stop (SIGSTOP, which their parents notice) or cgroup"
                    + " (the cgroups that they are in). Default: ptrace. Each but none ends epoll_wait, sigtimedwait, semtimedop"
                    + " and receiving with a timeout early with EINTR; reads, writes, poll, select and sleeping go on.")
    private @Nullable Freeze freeze;

    /** The candidates for shell completion: the enum's names as they are typed. */
    static final class FreezeNames implements Iterable<String> {

        @Override
        public Iterator<String> iterator() {
            return Arrays.stream(Freeze.values()).map(how -> how.name().toLowerCase(Locale.ROOT)).iterator();
        }
    }

    @Option(
            names = "--capture", paramLabel = "WAY", completionCandidates = CaptureNames.class,
            description = "How bytes are captured while the processes are frozen. A clone shares pages with the pipe, which a program"
                    + " that uses vmsplice, splice or sendfile may change later; a copy does not. copy: always copy. auto: copy if"
                    + " there are no more than 16 pipes of the usual capacity, or a program is seen in such a call; else clone."
                    + " Default: ${DEFAULT-VALUE}.",
            defaultValue = "auto")
    private Capture capture;

    /** How bytes are captured. */
    enum Capture {
        AUTO,
        COPY
    }

    /** The candidates for shell completion. */
    static final class CaptureNames implements Iterable<String> {

        @Override
        public Iterator<String> iterator() {
            return Arrays.stream(Capture.values()).map(how -> how.name().toLowerCase(Locale.ROOT)).iterator();
        }
    }

    @Option(
            names = "--write-while-frozen",
            description = "Write the image before they run again: they are frozen for longer, but one clone serves all pipes,"
                    + " where limits do not allow one for each. Refused if the image goes to a pipe that only they read.")
    private boolean writeWhileFrozen;

    @Option(
            names = "--strict",
            description = "Refuse if another process holds an end of one of the pipes too, or may: run as root to look at all."
                    + " Default: the image tells of it.")
    private boolean strict;

    @Option(
            names = {"-o", "--output"}, required = true, paramLabel = "FILE",
            description = "The image; appears when it is whole and durable, with mode 0600. - is standard output.")
    private Path output;

    /** Of so many processes pids are printed, of more only how many they are. */
    private static final int MOST_NAMED = 4;

    @Mixin
    private ProgressOption progress;

    @Override
    public Integer call() throws IOException {
        require(!isStream(output) || !progress.isFd(STANDARD_OUTPUT), "--progress-fd 1: that is where the image goes");
        return progress.watch(display -> {
            Checkpoint checkpoint = chosen().reporting(display);
            CheckpointReport report = isStream(output) ? checkpoint.streamTo(STANDARD_OUTPUT) : checkpoint.writeTo(output);
            display.done();
            print(report);
            return ExitCode.DONE;
        });
    }

    private void print(CheckpointReport report) {
        message(String.format(
                "saved %s with %s bytes in flight, behind %s of %s, to %s (%s)%s%s%s",
                Sizes.count(report.pipes(), "pipe"), Sizes.grouped(report.payloadBytes()),
                Sizes.count(report.descriptors(), "descriptor"), processes(report),
                isStream(output) ? "standard output" : output, Sizes.bytes(report.imageBytes()),
                times(report), readAhead(report), inaccessible(report)));
        report.notes().forEach(this::message);
    }

    private Checkpoint chosen() {
        long[] pids = processes.pids;
        Checkpoint checkpoint = pids == null ? Checkpoint.ofTree(processes.root) : Checkpoint.ofProcesses(pids);
        for (Map.Entry<Long, int[]> of : byPid("--fd", fds).entrySet()) {
            checkpoint = checkpoint.onlyDescriptors(of.getKey(), of.getValue());
        }
        for (Map.Entry<Long, int[]> of : byPid("--leave-out", leftOut).entrySet()) {
            checkpoint = checkpoint.leavingOut(of.getKey(), of.getValue());
        }
        checkpoint = freeze == null ? checkpoint : checkpoint.freezing(freeze);
        checkpoint = capture == Capture.COPY ? checkpoint.copying() : checkpoint;
        checkpoint = writeWhileFrozen ? checkpoint.writingWhileFrozen() : checkpoint;
        return strict ? checkpoint.strict() : checkpoint.lookingForOthers();
    }

    private Map<Long, int[]> byPid(String option, List<ProcessFd> typed) {
        long[] pids = processes.pids;
        return byPid(option, typed, pids != null && pids.length == 1 ? pids[0] : null);
    }

    /** Returns what is not in any pipe though it came through one, so that nobody takes the image for all that a reader had to read. */
    private static String readAhead(CheckpointReport report) {
        List<Integer> readers = report.readers();
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
