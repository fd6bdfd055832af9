// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.Image;
import io.standpipe.Restore;
import io.standpipe.StartedCommands;
import io.standpipe.cli.options.Flag;
import io.standpipe.cli.options.PathKind;
import io.standpipe.cli.options.TextKind;
import io.standpipe.cli.options.Value;
import io.standpipe.internal.format.ProgramText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code standpipe restore}. */
final class RestoreCommand extends Subcommand {

    /** What this process had open when it began. */
    private final InheritedDescriptors noted = InheritedDescriptors.note();

    private final Flag copy = syntax.flag("--copy", "Copy the payload: then the image may be written to while the pipes are in use.");

    private final Flag bestEffort = syntax.flag(
            "--best-effort",
            "Go on where a limit or a permission does not allow all to be as it was, and say what is not: a"
                    + " smaller capacity where the bytes still fit, another owner or mode, no signals for other processes.");

    private final Value<Path> fifoBase = syntax.option(
            "--fifo-base", "DIR", PathKind.DIRECTORY,
            "Allow FIFOs whose path is below this directory. Default: none, since an image's paths are not trusted.");

    private final Value<Path> fifoRoot = syntax.option(
            "--fifo-root", "DIR", PathKind.DIRECTORY,
            "Allow FIFOs, and take their paths from this directory as the root, such as that of a container.");

    private final Flag createFifos = syntax.flag("--create-fifos", "Make a FIFO anew where its path leads nowhere.");

    private final Flag recreateUnlinkedFifos = syntax.flag(
            "--recreate-unlinked-fifos",
            "Make a FIFO that had been unlinked at its path, and unlink it again. Default: an anonymous pipe.");

    private final Value<ProcessFd> leftOut = syntax.option(
            "--leave-out", ProcessFd.LABEL, new ProcessFd.Form(),
            "Do not restore this descriptor: the command has the caller's of that number, such as the terminal as"
                    + " standard output. PID is the process's old one; it may be missing if there is only one.").list();

    private final Value<InheritedFd> inheritedAs = syntax.option(
            "--inherit", InheritedFd.LABEL, new InheritedFd.Form(),
            "Give the command the caller's descriptor FD as N, in place of the saved one, which is not restored. It"
                    + " does not get it as FD too, unless that is 0, 1 or 2.").list();

    private final Value<PidCommand> runs = syntax.option(
            "--run", "PID=COMMAND", PidCommand.Form.BOTH,
            "Start a command in place of the process that had this pid; may be given several times. /bin/sh runs"
                    + " it. Processes without a command are gone: their ends are closed.").repeated();

    private final Flag json = syntax.flag(
            "--json",
            "Report as JSON, which docs/restore.schema.json describes, on standard error, since standard output is the command's: when"
                    + " the command is about to begin, or with --run, when all have begun.");

    private final ProgressOption progress = new ProgressOption(this);

    private final Value<ImagePlace> image = syntax.operand("FILE", ImagePlace.Form.ANY, ImagePlace.HELP).required();

    private final Value<String> command = syntax.operand(
            "COMMAND", TextKind.COMMAND,
            "The command and its arguments, behind --, which may be left out if none of them begins with -.").repeated();

    RestoreCommand() {
        super(
                "standpipe restore",
                "Becomes a command that has the saved descriptors at their old numbers, or starts one for each saved process.",
                "Ends of the saved pipes that were held by nobody in the image are closed: where the writer is gone, the"
                        + " command reads what was in flight and then sees the end.");
        syntax.exitStatus("0", "The command ended with 0.");
        syntax.exitStatus("125", "It failed, and no command was run.");
        syntax.exitStatus("126", "The command cannot be executed.");
        syntax.exitStatus("127", "There is no such command.");
        syntax.exitStatus("N", "Any other is the command's own; with --run, that of the first command that did not end with 0.");
        syntax.atMostOne(fifoBase, fifoRoot);
        syntax.examples(
                "standpipe restore app.ckpt -- cat",
                "standpipe restore app.ckpt -- consumer --flag",
                "standpipe restore app.ckpt --run 4711='consumer --flag' --run 4712=producer",
                "standpipe restore s3://bucket/app.ckpt -- consumer",
                "standpipe restore app.ckpt --leave-out 1,2 -- consumer",
                "standpipe restore app.ckpt --inherit 5=1 -- consumer 5>> log");
    }

    @Override
    boolean isForACommand() {
        return true;
    }

    @Override
    int run() throws IOException {
        Set<Integer> inherited = noted.fds();
        Map<Long, String> lines = lines();
        require(!lines.isEmpty() || command.isGiven(), "no COMMAND is given: behind --, or with --run for each process");
        require(
                lines.isEmpty() || !command.isGiven(),
                "there are commands with --run and one behind --: give the one or the others");
        requireDirectory(fifoBase);
        requireDirectory(fifoRoot);
        return progress.watch(inherited, display -> {
            Set<Integer> handedOver = progress.withoutProgressFd(inherited);
            RestoreProgress report = new RestoreProgress(image.get().name(), display, json.isGiven() ? null : this::message);
            if (json.isGiven() && lines.isEmpty()) {
                report.atStart(restored -> JsonDocument.print(output().err(), restored.becoming(command.all())));
            }
            Restore restore = withChosenFds(chosen(), inherited, handedOver).reporting(report.listener());
            if (!lines.isEmpty()) {
                return runCommands(restore, lines, handedOver, report);
            }
            restore.exec(command.all(), handedOver, report::deviation);
            throw new IllegalStateException("exec came back without a failure");
        });
    }

    private void requireDirectory(Value<Path> option) {
        Path given = option.orNull();
        if (given != null) {
            require(!Files.notExists(given), option.name() + ": there is no directory " + given);
            require(Files.isDirectory(given) || !Files.exists(given), option.name() + ": " + given + " is no directory");
        }
    }

    private Map<Long, String> lines() {
        Map<Long, String> lines = new LinkedHashMap<>();
        for (PidCommand each : runs.all()) {
            require(lines.put((long) each.pid(), each.line()) == null, "--run " + each.pid() + "=... is given twice");
        }
        return lines;
    }

    private Restore chosen() throws IOException {
        Restore restore = image.get().restore();
        restore = copy.isGiven() ? restore.copying() : restore;
        restore = bestEffort.isGiven() ? restore.bestEffort() : restore;
        restore = fifoBase.isGiven() ? restore.fifosBelow(fifoBase.get()) : restore;
        restore = fifoRoot.isGiven() ? restore.fifosInRoot(fifoRoot.get()) : restore;
        restore = createFifos.isGiven() ? restore.creatingFifos() : restore;
        return recreateUnlinkedFifos.isGiven() ? restore.recreatingUnlinkedFifos() : restore;
    }

    /** @param handedOver the fds that commands inherit, without those that commands get at another number afterwards */
    private Restore withChosenFds(Restore restore, Set<Integer> inherited, Set<Integer> handedOver) {
        Restore chosen = restore;
        for (ProcessFd each : leftOut.all()) {
            chosen = each.pid() == null ? chosen.leavingOut(each.fd()) : chosen.leavingOut(each.pid(), each.fd());
        }
        for (InheritedFd each : inheritedAs.all()) {
            int fd = each.fd();
            ProcessFd saved = each.saved();
            require(inherited.contains(fd), "--inherit: descriptor " + fd + " is not open");
            chosen = saved.pid() == null ? chosen.replacing(saved.fd(), fd) : chosen.replacing(saved.pid(), saved.fd(), fd);
            if (fd > STANDARD_ERROR) {
                handedOver.remove(fd);
            }
        }
        return chosen;
    }

    /**
     * Starts the commands, and waits until all have ended. A signal that ends this process ends the commands too. Returns 0, or
     * the exit status of the first command, in the order given, that did not exit with 0.
     */
    private int runCommands(Restore restore, Map<Long, String> lines, Set<Integer> inherited, RestoreProgress report)
            throws IOException {
        InheritedDescriptors.closeOthersOnExec(inherited);
        Map<Long, List<String>> argv = new LinkedHashMap<>();
        lines.forEach((pid, line) -> argv.put(pid, ShellCommand.of(line)));
        StartedCommands started = restore.start(argv, inherited, report::deviation);
        RunningCommands running = new RunningCommands(started.commands(), lines, json.isGiven() ? none -> {} : this::note);
        report.done();
        if (json.isGiven()) {
            JsonDocument.print(output().err(), report.restored().started(started.commands(), started.gone()));
            return running.waitForAll(pid -> name(started, pid));
        }
        started.gone().forEach(pid -> note(name(started, pid) + " has no command: it is gone, and its ends are closed"));
        return running.waitForAll(pid -> name(started, pid));
    }

    private static String name(StartedCommands started, long savedPid) {
        Image.Program program = started.programs().get(savedPid);
        return "process " + savedPid + (program == null ? "" : " (" + ProgramText.brief(program) + ")");
    }
}
