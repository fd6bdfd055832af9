// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.exec;

import io.standpipe.CommandException;
import io.standpipe.Image;
import io.standpipe.StandpipeException;
import io.standpipe.UnavailableException;
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

/** Replaces this process by a command, which runs as if it had been started directly. */
public final class CommandExec {

    private static final String SHELL = "/bin/sh";

    private final Command command;
    private final Set<Integer> inherited;

    private CommandExec(Command command, Set<Integer> inherited) {
        this.command = command;
        this.inherited = inherited;
    }

    /**
     * Finds the command's program; changes nothing yet.
     *
     * @param inherited fds of this process that the command is to have too
     */
    public static CommandExec of(List<String> command, Set<Integer> inherited) throws CommandException {
        return new CommandExec(Command.find("command", command), inherited);
    }

    /**
     * Becomes the command; returns only by an exception.
     *
     * @param placement fd in the command, to the fd here that becomes it
     */
    public void become(Map<Integer, Integer> placement) throws StandpipeException {
        try {
            long signalMask = ProcessStatus.blockedSignals(ProcessCalls.pid());
            System.out.flush();
            System.err.flush();
            removePerformanceData();
            try {
                Exec.become(command.path(), command.words(), placement, inherited, signalMask);
            } catch (ErrnoException e) {
                if (e.errno() != Errno.ENOEXEC) {
                    throw e;
                }
                Exec.become(SHELL, scriptArguments(), placement, inherited, signalMask);
            }
        } catch (ErrnoException e) {
            throw command.refused(e.errno(), e.getMessage(), e);
        } catch (IOException e) {
            throw new StandpipeException("command " + command.words().get(0) + ": " + e, e);
        }
    }

    /** Throws if a saved fd is beyond the limit that this process, and so the command, has for fds. */
    public static void checkFdLimit(Image.Process saved) throws StandpipeException {
        try {
            long limit = ProcessCalls.descriptorLimit();
            for (Image.Descriptor descriptor : saved.table().descriptors()) {
                if (descriptor.fd() >= limit) {
                    throw new UnavailableException("descriptor " + descriptor.fd() + ": numbers end at " + (limit - 1)
                            + " here (RLIMIT_NOFILE): raise it with ulimit -n " + (descriptor.fd() + 1L));
                }
            }
        } catch (ErrnoException e) {
            throw Failures.of("the limit of descriptors", e);
        }
    }

    /** Returns what execvp runs for an executable file that is no program: the shell, with the file as a script. */
    private List<String> scriptArguments() {
        List<String> arguments = new ArrayList<>(List.of(SHELL, command.path()));
        arguments.addAll(command.words().subList(1, command.words().size()));
        return arguments;
    }

    /**
     * Removes the JVM's statistics file, which would outlive the JVM under the command's pid. Does so only in a directory that
     * this user owns: the name is predictable, and another user's link there could lead to any file.
     */
    private static void removePerformanceData() {
        String user = System.getProperty("user.name");
        Path directory = Path.of("/tmp/hsperfdata_" + user);
        try {
            if (Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)
                    && Files.getOwner(directory, LinkOption.NOFOLLOW_LINKS).getName().equals(user)) {
                Files.deleteIfExists(
                        directory.resolve(Long.toString(ProcessCalls.pid())));
            }
        } catch (IOException e) {
            System.getLogger(CommandExec.class.getName())
                    .log(System.Logger.Level.DEBUG, "the JVM's statistics file stays behind", e);
        }
    }
}
