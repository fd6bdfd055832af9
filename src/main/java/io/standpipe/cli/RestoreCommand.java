// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.Image;
import io.standpipe.Restore;
import io.standpipe.StartedCommands;
import io.standpipe.internal.format.ProgramText;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code standpipe restore}. */
@Command(
        name = "restore",
        exitCodeOnExecutionException = ExitCode.NO_COMMAND_RUN,
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:The command ended with 0.",
            "125:It failed, and no command was run.",
            "126:The command cannot be executed.",
            "127:There is no such command.",
            "N:Any other is the command's own; with --run, that of the first command that did not end with 0."},
        description = {
            "Becomes a command that has the saved descriptors at their old numbers, or starts one for each saved process.",
            "Ends of the saved pipes that were held by nobody in the image are closed: where the writer is gone, the"
                    + " command reads what was in flight and then sees the end."},
        footer = {"", "Examples:",
            "  standpipe restore app.ckpt -- cat",
            "  standpipe restore app.ckpt -- consumer --flag",
            "  standpipe restore app.ckpt --run 4711='consumer --flag' --run 4712=producer",
            "  standpipe restore app.ckpt --leave-out 1,2 -- consumer",
            "  standpipe restore app.ckpt --inherit 5=1 -- consumer 5>> log"})
final class RestoreCommand extends Subcommand {

    private static final String NUMBER = "\\d{1,9}";

    @Option(names = "--copy", description = "Copy the payload: then the image may be written to while the pipes are in use.")
    private boolean copy;

    @Option(
            names = "--best-effort",
            description = "Go on where a limit or a permission does not allow all to be as it was, and say what is not: a"
                    + " smaller capacity where the bytes still fit, another owner or mode, no signals for other processes.")
    private boolean bestEffort;

    @Option(
            names = "--fifo-base", paramLabel = "DIR",
            description = "Allow FIFOs whose path is below this directory. Default: none, since an image's paths are not"
                    + " trusted.")
    private @Nullable Path fifoBase;

    @Option(
            names = "--fifo-root", paramLabel = "DIR",
            description = "Allow FIFOs, and take their paths from this directory as the root, such as that of a container.")
    private @Nullable Path fifoRoot;

    @Option(names = "--create-fifos", description = "Make a FIFO anew where its path leads nowhere.")
    private boolean createFifos;

    @Option(
            names = "--recreate-unlinked-fifos",
            description = "Make a FIFO that had been unlinked at its path, and unlink it again. Default: an anonymous pipe.")
    private boolean recreateUnlinkedFifos;

    @Option(
            names = "--leave-out", paramLabel = "[PID:]N", split = ",",
            description = "Do not restore this descriptor: the command has the caller's of that number, such as the terminal as"
                    + " standard output. PID is the process's old one; it may be missing if there is only one.")
    private List<String> leftOut = List.of();

    @Option(
            names = "--inherit", paramLabel = "FD=[PID:]N", split = ",",
            description = "Give the command the caller's descriptor FD as N, in place of the saved one, which is not restored. It"
                    + " does not get it as FD too, unless that is 0, 1 or 2.")
    private List<String> inheritedAs = List.of();

    @Option(
            names = "--run", paramLabel = "PID=COMMAND",
            description = "Start a command in place of the process that had this pid; may be given several times. /bin/sh runs"
                    + " it. Processes without a command are gone: their ends are closed.")
    private LinkedHashMap<Integer, String> commands = new LinkedHashMap<>();

    @Mixin
    private ProgressOption progress;

    @Parameters(index = "0", paramLabel = "FILE", description = "The image; - is standard input.")
    private Path image;

    @Parameters(index = "1..*", arity = "0..*", paramLabel = "COMMAND", description = "The command and its arguments, behind --.")
    private List<String> command = List.of();

    private final InheritedDescriptors noted;

    RestoreCommand() {
        this(InheritedDescriptors.note());
    }

    /** @param noted what this process had open when it began */
    RestoreCommand(InheritedDescriptors noted) {
        this.noted = noted;
    }

    @Override
    public Integer call() throws IOException {
        Set<Integer> inherited = noted.fds();
        require(!commands.isEmpty() || !command.isEmpty(), "no COMMAND is given: behind --, or with --run for each process");
        require(
                commands.isEmpty() || command.isEmpty(),
                "there are commands with --run and one behind --: give the one or the others");
        return progress.watch(inherited, display -> {
            Set<Integer> handedOver = progress.withoutProgressFd(inherited);
            Restore restore = withChosenFds(chosen(), inherited, handedOver).reporting(display);
            if (!commands.isEmpty()) {
                return runCommands(restore, handedOver, display);
            }
            restore.exec(command, handedOver, this::message);
            throw new IllegalStateException("exec came back without a failure");
        });
    }

    private Restore chosen() {
        require(fifoBase == null || fifoRoot == null, "--fifo-base and --fifo-root exclude each other: name one of them");
        Restore restore = restoreFrom(image);
        restore = copy ? restore.copying() : restore;
        restore = bestEffort ? restore.bestEffort() : restore;
        restore = fifoBase != null ? restore.fifosBelow(fifoBase) : restore;
        restore = fifoRoot != null ? restore.fifosInRoot(fifoRoot) : restore;
        restore = createFifos ? restore.creatingFifos() : restore;
        return recreateUnlinkedFifos ? restore.recreatingUnlinkedFifos() : restore;
    }

    /** @param handedOver the fds that commands inherit, without those that commands get at another number afterwards */
    private Restore withChosenFds(Restore restore, Set<Integer> inherited, Set<Integer> handedOver) {
        Restore chosen = restore;
        for (String each : leftOut) {
            SavedFd saved = savedFd("--leave-out " + each, each);
            chosen = saved.pid() == null ? chosen.leavingOut(saved.fd()) : chosen.leavingOut(saved.pid(), saved.fd());
        }
        for (String each : inheritedAs) {
            String[] parts = each.split("=", 2);
            require(parts.length == 2 && parts[0].matches(NUMBER), "--inherit " + each + ": expected FD=N or FD=PID:N");
            SavedFd saved = savedFd("--inherit " + each, parts[1]);
            int fd = Integer.parseInt(parts[0]);
            require(inherited.contains(fd), "--inherit " + each + ": descriptor " + fd + " is not open");
            chosen = saved.pid() == null ? chosen.replacing(saved.fd(), fd) : chosen.replacing(saved.pid(), saved.fd(), fd);
            if (fd > STANDARD_ERROR) {
                handedOver.remove(fd);
            }
        }
        return chosen;
    }

    private record SavedFd(@Nullable Integer pid, int fd) {}

    private SavedFd savedFd(String option, String name) {
        String[] parts = name.split(":", 2);
        boolean isNumeric = Stream.of(parts).allMatch(part -> part.matches(NUMBER));
        require(isNumeric, option + ": expected a descriptor of the image, as N or PID:N");
        return new SavedFd(parts.length == 1 ? null : Integer.valueOf(parts[0]), Integer.parseInt(parts[parts.length - 1]));
    }

    /**
     * Starts the commands, and waits until all have ended. A signal that ends this process ends the commands too. Returns 0, or
     * the exit status of the first command, in the order given, that did not exit with 0.
     */
    private int runCommands(Restore restore, Set<Integer> inherited, ProgressOption.Display display) throws IOException {
        InheritedDescriptors.closeOthersOnExec(inherited);
        Map<Integer, List<String>> argv = new LinkedHashMap<>();
        commands.forEach((pid, line) -> argv.put(pid, ShellCommand.of(line)));
        StartedCommands started = restore.start(argv, inherited, this::message);
        RunningCommands running = new RunningCommands(started.commands(), commands, this::message);
        display.done();
        started.gone().forEach(pid -> message(name(started, pid) + " has no command: it is gone, and its ends are closed"));
        return running.waitForAll(pid -> name(started, pid));
    }

    private static String name(StartedCommands started, int savedPid) {
        Image.Program program = started.programs().get(savedPid);
        return "process " + savedPid + (program == null ? "" : " (" + ProgramText.brief(program) + ")");
    }
}
