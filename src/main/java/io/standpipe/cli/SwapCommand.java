// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.CommandException;
import io.standpipe.StandpipeException;
import io.standpipe.StartedCommand;
import io.standpipe.Swap;
import io.standpipe.internal.sys.Terminal;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code standpipe swap}. */
@Command(
        name = "swap",
        exitCodeOnExecutionException = ExitCode.NO_COMMAND_RUN,
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:The command ended with 0; with --detach, it runs.",
            "125:It failed, and no command was run.",
            "126:The command cannot be executed.",
            "127:There is no such command.",
            "N:Any other is the command's own; of several, that of the first that did not end with 0."},
        description = {
            "Puts a command in the place of a running process, in its live pipes. It gets the very ends that the process has, at their"
                    + " numbers: producers and what comes behind see no end of file, no SIGPIPE and no gap.",
            "The process is asked to end at a moment at which it waits for input, if there is one, and killed if it does not end; then"
                    + " the command begins, so that the two never read at once. What the process has read and not finished is in no"
                    + " pipe: most programs lose it, some finish it on SIGTERM.",
            "If it fails before the process was asked, all goes on as before. If it fails afterwards, a process standpipe-hold keeps the"
                    + " ends open for ten minutes, and swap puts a command in its place."},
        footer = {"", "Examples:",
            "  standpipe swap --pid 4711 -- grep --line-buffered -v skip",
            "  standpipe swap --pid 4711 --fd 0 --detach -- consumer --new >> consumer.log",
            "  standpipe swap --pid 4711='consumer --new' --pid 4712=logger"})
final class SwapCommand extends Subcommand {

    @Option(
            names = "--pid", required = true, paramLabel = "PID[=COMMAND]",
            description = "The process. Several are replaced at once, each by a COMMAND that /bin/sh runs.")
    private List<String> processes = List.of();

    @Option(
            names = "--fd", split = ",", paramLabel = "[PID:]N", converter = ProcessFd.Converter.class,
            description = "Only these descriptors. Default: all that are pipes or FIFOs.")
    private List<ProcessFd> fds = List.of();

    @Option(
            names = "--leave-out", split = ",", paramLabel = "[PID:]N", converter = ProcessFd.Converter.class,
            description = "Not these descriptors.")
    private List<ProcessFd> leftOut = List.of();

    @Option(
            names = "--also-files",
            description = "Other files too, such as regular ones with their offset, sockets and terminals; not what is close-on-exec.")
    private boolean alsoFiles;

    @Option(
            names = "--as-it-was",
            description = "With the process's working directory, environment, umask, user and groups, in place of the caller's.")
    private boolean asItWas;

    @Option(
            names = "--signal", paramLabel = "SIGNAL", converter = SignalConverter.class,
            completionCandidates = SignalConverter.Names.class, defaultValue = "TERM",
            description = "What the process is asked to end with. STOP keeps it, stopped. Default: ${DEFAULT-VALUE}.")
    private int signal;

    @Option(
            names = "--grace", paramLabel = "TIME", converter = TimeConverter.class, defaultValue = "10s",
            description = "When it is killed if it has not ended. Default: ${DEFAULT-VALUE}.")
    private Duration grace;

    @Option(
            names = "--await-input", paramLabel = "TIME", converter = TimeConverter.class, defaultValue = "2s",
            description = "How long a moment is waited for at which the process waits for input. For an instant it is frozen by"
                    + " ptrace then; its writers are, where bytes come all the time, until it has handled a line's end. 0 does without."
                    + " Default: ${DEFAULT-VALUE}.")
    private Duration awaitInput;

    @Option(
            names = "--yes",
            description = "Go on though another process has a read end of the same pipe, and may take bytes from the command.")
    private boolean yes;

    @ArgGroup
    private Manner manner = new Manner();

    /** Whether the command is this process. */
    static final class Manner {

        @Option(
                names = "--foreground",
                description = "Become the command, or wait for several. Default if standard input is a terminal.")
        private boolean foreground;

        @Option(
                names = "--detach",
                description = "Print the command's pid, and leave it in a session of its own. What is no pipe of its standard streams"
                        + " is the old process's, unless the caller's is a regular file. Default without a terminal.")
        private boolean detach;
    }

    @Parameters(arity = "0..*", paramLabel = "COMMAND", description = "The command and its arguments, behind --.")
    private List<String> command = List.of();

    private final InheritedDescriptors noted;

    /** @param noted what this process had open when it began */
    SwapCommand(InheritedDescriptors noted) {
        this.noted = noted;
    }

    @Override
    public Integer call() throws IOException {
        Set<Integer> inherited = noted.fds();
        Map<Integer, String> lines = new LinkedHashMap<>();
        Swap swap = withFds(withCommands(lines))
                .signalling(signal).grace(grace).awaitingInput(awaitInput).reporting(this::message);
        swap = alsoFiles ? swap.alsoFiles() : swap;
        swap = asItWas ? swap.asItWas() : swap;
        swap = yes ? swap.besideReaders() : swap;
        if (manner.detach || !manner.foreground && !Terminal.isTerminal(STANDARD_INPUT)) {
            return detach(swap.detached(), inherited);
        }
        if (lines.isEmpty()) {
            swap.exec(inherited);
            throw new IllegalStateException("exec came back without a failure");
        }
        InheritedDescriptors.closeOthersOnExec(inherited);
        return new RunningCommands(swap.start(inherited), lines, this::message).waitForAll(pid -> "process " + pid);
    }

    private int detach(Swap swap, Set<Integer> inherited) throws StandpipeException {
        for (StartedCommand each : swap.start(inherited)) {
            out().println(each.pid());
            message("process " + each.savedPid() + " is now process " + each.pid());
        }
        return ExitCode.DONE;
    }

    /** @param lines where the commands are added that were named with their process */
    private Swap withCommands(Map<Integer, String> lines) throws CommandException {
        Swap swap = null;
        for (String each : processes) {
            String[] parts = each.split("=", 2);
            require(parts[0].matches("\\d{1,10}"), "--pid " + each + ": expected PID or PID=COMMAND");
            require(
                    (parts.length == 1) != command.isEmpty() && (parts.length == 2 || processes.size() == 1),
                    "one COMMAND goes behind --, with one --pid; or each --pid is PID=COMMAND");
            long pid = Long.parseLong(parts[0]);
            if (parts.length == 2) {
                require(lines.put((int) pid, parts[1]) == null, "--pid " + pid + " is given twice");
            }
            List<String> words = parts.length == 1 ? command : ShellCommand.checked(parts[1]);
            swap = swap == null ? Swap.of(pid, words) : swap.and(pid, words);
        }
        if (swap == null) {
            throw wrongUsage("no process is named");
        }
        return swap;
    }

    private Swap withFds(Swap swap) {
        Swap chosen = swap;
        for (Map.Entry<Long, int[]> of : byPid("--fd", fds).entrySet()) {
            chosen = chosen.onlyDescriptors(of.getKey(), of.getValue());
        }
        for (Map.Entry<Long, int[]> of : byPid("--leave-out", leftOut).entrySet()) {
            chosen = chosen.leavingOut(of.getKey(), of.getValue());
        }
        return chosen;
    }

    private Map<Long, int[]> byPid(String option, List<ProcessFd> typed) {
        Long only = processes.size() == 1 ? Long.valueOf(processes.get(0).split("=", 2)[0]) : null;
        return byPid(option, typed, only);
    }
}
