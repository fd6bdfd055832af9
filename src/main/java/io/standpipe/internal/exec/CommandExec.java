// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.exec;

import io.standpipe.CommandException;
import io.standpipe.StandpipeException;
import io.standpipe.UnavailableException;
import io.standpipe.internal.format.Image;
import io.standpipe.internal.proc.ProcessStatus;
import io.standpipe.internal.sys.Exec;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.ProcessCalls;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;




import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Hands this process over to a command, so that it runs as if it had been started directly. */
public final class CommandExec {

    private static final String SHELL = "/bin/sh";

    private final List<String> command;
    private final String path;
    private final Set<Integer> inherited;

    private CommandExec(List<String> command, String path, Set<Integer> inherited) {
        this.command = command;
        this.path = path;
        this.inherited = inherited;
    }

    /**
     * Finds the command, before anything is made for it.
     *
     * @param inherited descriptors of this process that the command is to have
     */
    public static CommandExec to(List<String> command, Set<Integer> inherited) throws CommandException {
        if (command.isEmpty()) {
            throw new IllegalArgumentException("command is empty, expected a program and its arguments");
        }
        return new CommandExec(List.copyOf(command), CommandPath.resolve(command.get(0)), inherited);
    }

    /** @param placement the number in the command, to the descriptor here that it gets */
    public void become(Map<Integer, Integer> placement) throws StandpipeException {
        try {
            long signalMask = ProcessStatus.blockedSignals(ProcessCalls.pid());
            System.out.flush();
            System.err.flush();
            forgetPerformanceData();
            try {
                Exec.become(path, command, placement, inherited, signalMask);
            } catch (ErrnoException e) {
                if (e.errno() != Errno.ENOEXEC) {
                    throw e;
                }
                Exec.become(SHELL, scriptArguments(), placement, inherited, signalMask);
            }
        } catch (ErrnoException e) {
            int status = e.errno() == Errno.ENOENT ? CommandException.NOT_FOUND : CommandException.NOT_EXECUTABLE;
            throw new CommandException(status, "command " + command.get(0) + ": " + e.getMessage(), e);
        } catch (StandpipeException e) {
            throw e;
        } catch (IOException e) {
            throw new StandpipeException("command " + command.get(0) + ": " + e, e);
        }
    }

    /** Refuses numbers that no descriptor can have here. */
    public static void checkNumbers(Image.Process saved) throws StandpipeException {
        long limit = descriptorLimit();
        for (Image.Descriptor descriptor : saved.table().descriptors()) {
            int number = descriptor.number();
            if (number >= limit) {
                throw new UnavailableException("descriptor " + number + ": numbers end at " + (limit - 1)
                        + " here (RLIMIT_NOFILE): raise it with ulimit -n " + (number + 1L));
            }
        }
    }

    private static long descriptorLimit() throws StandpipeException {
        try {
            return ProcessCalls.descriptorLimit();
        } catch (ErrnoException e) {
            throw Failures.of("the limit of descriptors", e);
        }
    }

    /** What execvp does with a file that is executable and no program: a script without a first line that says whose. */
    private List<String> scriptArguments() {
        List<String> arguments = new ArrayList<>(List.of(SHELL, path));
        arguments.addAll(command.subList(1, command.size()));
        return arguments;
    }

    /**
     * Removes the JVM's statistics file, which would outlive the JVM under the command's pid. Only from a folder that is
     * this user's own: the name can be foretold, and somebody else's link there could lead to any file.
     */
    private static void forgetPerformanceData() {
        String user = System.getProperty("user.name");
        Path folder = Path.of("/tmp/hsperfdata_" + user);
        try {
            if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
                    && Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS).getName().equals(user)) {
                Files.deleteIfExists(
                        folder.resolve(Long.toString(ProcessCalls.pid())));
            }
        } catch (IOException e) {
            System.getLogger(CommandExec.class.getName())
                    .log(System.Logger.Level.DEBUG, "the JVM's statistics file stays behind", e);
        }
    }
}
