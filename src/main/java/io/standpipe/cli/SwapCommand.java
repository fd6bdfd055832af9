// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.CommandException;
import io.standpipe.StandpipeException;
import io.standpipe.StartedCommand;
import io.standpipe.Swap;
import io.standpipe.cli.options.Flag;
import io.standpipe.cli.options.TextKind;
import io.standpipe.cli.options.UsageException;
import io.standpipe.cli.options.Value;
import io.standpipe.internal.sys.Terminal;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code standpipe swap}. */
final class SwapCommand extends Subcommand {

    private static final int TERM = 15;
    private static final Duration GRACE = Duration.ofSeconds(10);
    private static final Duration AWAIT_INPUT = Duration.ofSeconds(2);

    /** What this process had open when it began. */
    private final InheritedDescriptors noted = InheritedDescriptors.note();

    private final Value<PidCommand> processes = syntax.option(
            "--pid", "PID[=COMMAND]", PidCommand.Form.OR_PID_ALONE,
            "The process. Several are replaced at once, each by a COMMAND that /bin/sh runs.").required().repeated();

    private final Value<ProcessFd> fds = syntax.option(
            "--fd", ProcessFd.LABEL, new ProcessFd.Form(), "Only these descriptors. Default: all that are pipes or FIFOs.").list();

    private final Value<ProcessFd> leftOut =
            syntax.option("--leave-out", ProcessFd.LABEL, new ProcessFd.Form(), "Not these descriptors.").list();

    private final Flag alsoFiles = syntax.flag(
            "--also-files",
            "Other files too, such as regular ones with their offset, sockets and terminals; not what is close-on-exec.");

    private final Flag asItWas = syntax.flag(
            "--as-it-was",
            "With the process's working directory, environment, umask, user and groups, in place of the caller's.");

    private final Value<Integer> signal = syntax.option(
            "--signal", "SIGNAL", new SignalKind(),
            "What the process is asked to end with. STOP keeps it, stopped. Default: TERM.");

    private final Value<Duration> grace = syntax.option(
            "--grace", "TIME", new TimeKind(), "When it is killed if it has not ended. Default: 10s.");

    private final Value<Duration> awaitInput = syntax.option(
            "--await-input", "TIME", new TimeKind(),
            "How long a moment is waited for at which the process waits for input. For an instant it is frozen by"
                    + " ptrace then; its writers are, where bytes come all the time, until it has handled a line's end. 0 does without."
                    + " Default: 2s.");

    private final Flag yes = syntax.flag(
            "--yes", "Go on though another process has a read end of the same pipe, and may take bytes from the command.");

    private final Flag foreground = syntax.flag(
            "--foreground", "Become the command, or wait for several. Default if standard input is a terminal.");

    private final Flag detach = syntax.flag(
            "--detach",
            "Print the command's pid, and leave it in a session of its own. What is no pipe of its standard streams"
                    + " is the old process's, unless the caller's is a regular file. Default without a terminal.");

    private final Value<String> command = syntax.operand(
            "COMMAND", TextKind.COMMAND,
            "The command and its arguments, behind --, which may be left out if none of them begins with -.").repeated();

    SwapCommand() {
        super(
                "standpipe swap",
                "Puts a command in the place of a running process, in its live pipes. It gets the very ends that the process has, at their"
                        + " numbers: producers and what comes behind see no end of file, no SIGPIPE and no gap.",
                "The process is asked to end at a moment at which it waits for input, if there is one, and killed if it does not end; then"
                        + " the command begins, so that the two never read at once. What the process has read and not finished is in no"
                        + " pipe: most programs lose it, some finish it on SIGTERM.",
                "If it fails before the process was asked, all goes on as before. If it fails afterwards, a process standpipe-hold keeps the"
                        + " ends open for ten minutes, and swap puts a command in its place.");
        syntax.exitStatus("0", "The command ended with 0; with --detach, it runs.");
        syntax.exitStatus("125", "It failed, and no command was run.");
        syntax.exitStatus("126", "The command cannot be executed.");
        syntax.exitStatus("127", "There is no such command.");
        syntax.exitStatus("N", "Any other is the command's own; of several, that of the first that did not end with 0.");
        syntax.atMostOne(foreground, detach);
        syntax.examples(
                "standpipe swap --pid 4711 -- grep --line-buffered -v skip",
                "standpipe swap --pid 4711 --fd 0 --detach -- consumer --new >> consumer.log",
                "standpipe swap --pid 4711='consumer --new' --pid 4712=logger");
    }

    @Override
    boolean isForACommand() {
        return true;
    }

    @Override
    boolean losesWhatIsNotRead() {
        return true;
    }

    @Override
    int run() throws IOException {
        Set<Integer> inherited = noted.fds();
        Map<Long, String> lines = new LinkedHashMap<>();
        Swap swap = withFds(withCommands(lines))
                .signalling(signal.orElse(TERM)).grace(grace.orElse(GRACE)).awaitingInput(awaitInput.orElse(AWAIT_INPUT))
                .reporting(this::message);
        swap = alsoFiles.isGiven() ? swap.alsoFiles() : swap;
        swap = asItWas.isGiven() ? swap.asItWas() : swap;
        swap = yes.isGiven() ? swap.besideReaders() : swap;
        if (detach.isGiven() || !foreground.isGiven() && !Terminal.isTerminal(STANDARD_INPUT)) {
            return detach(swap.detached(), inherited);
        }
        if (lines.isEmpty()) {
            swap.exec(inherited);
            throw new IllegalStateException("exec came back without a failure");
        }
        InheritedDescriptors.closeOthersOnExec(inherited);
        return new RunningCommands(swap.start(inherited), lines, this::note).waitForAll(pid -> "process " + pid);
    }

    private int detach(Swap swap, Set<Integer> inherited) throws StandpipeException {
        output().requireWritable();
        List<StartedCommand> started = swap.start(inherited);
        started.forEach(each -> out().println(each.pid()));
        boolean lost = out().checkError();
        for (StartedCommand each : started) {
            String text = "process " + each.savedPid() + " is now process " + each.pid();
            if (lost) {
                message(text);
            } else {
                note(text);
            }
        }
        return ExitCode.DONE;
    }

    /** @param lines where the commands are added that were named with their process */
    private Swap withCommands(Map<Long, String> lines) throws CommandException {
        Swap swap = null;
        for (PidCommand each : processes.all()) {
            int pid = each.pid();
            String line = each.line();
            require(
                    (line == null) == command.isGiven() && (line != null || processes.all().size() == 1),
                    "one COMMAND goes behind --, with one --pid; or each --pid is PID=COMMAND");
            if (line != null) {
                require(lines.put((long) pid, line) == null, "--pid " + pid + " is given twice");
            }
            List<String> words = line == null ? command.all() : ShellCommand.checked(line);
            swap = swap == null ? Swap.of(pid, words) : swap.and(pid, words);
        }
        if (swap == null) {
            throw new UsageException("no process is named");
        }
        return swap;
    }

    private Swap withFds(Swap swap) {
        Swap chosen = swap;
        for (Map.Entry<Integer, int[]> of : byPid(fds).entrySet()) {
            chosen = chosen.onlyDescriptors(of.getKey(), of.getValue());
        }
        for (Map.Entry<Integer, int[]> of : byPid(leftOut).entrySet()) {
            chosen = chosen.leavingOut(of.getKey(), of.getValue());
        }
        return chosen;
    }

    private Map<Integer, int[]> byPid(Value<ProcessFd> option) {
        return byPid(option.name(), option.all(), processes.all().size() == 1 ? processes.get().pid() : null);
    }
}
