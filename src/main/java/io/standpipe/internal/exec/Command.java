// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.exec;

import io.standpipe.CommandException;
import io.standpipe.Image;
import io.standpipe.StandpipeException;
import io.standpipe.UnavailableException;
import io.standpipe.internal.proc.ProcessStatus;
import io.standpipe.internal.sys.CommandSettings;
import io.standpipe.internal.sys.Exec;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.ProcessCalls;
import io.standpipe.internal.sys.Reasons;
import io.standpipe.internal.sys.Spawn;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A command that can be run.
 *
 * @param words the name it is called by, and its arguments
 * @param path the program's file
 */
public record Command(List<String> words, String path) {

    /** How many fds a restore needs at most besides those that it restores. */
    private static final int FDS_BESIDE = 32;

    private static final int MOST_INTERPRETER_BYTES = 256;

    private static final String DEFAULT_PATH = "/usr/local/bin:/bin:/usr/bin";

    /**
     * Finds a command's program as execvp does: by its path if the name has a slash, else in the directories of PATH.
     *
     * @param what the command, for messages
     * @throws CommandException if there is no such program, or none that is executable
     */
    public static Command find(String what, List<String> words) throws CommandException {
        if (words.isEmpty()) {
            throw new IllegalArgumentException(what + " is empty, expected a program and its arguments");
        }
        return new Command(List.copyOf(words), find(words.get(0)));
    }

    private static String find(String name) throws CommandException {
        if (name.isEmpty()) {
            throw new CommandException(CommandException.NOT_FOUND, "command \"\": the name is empty");
        }
        if (name.indexOf('/') >= 0) {
            if (!Files.exists(Path.of(name))) {
                throw new CommandException(CommandException.NOT_FOUND, "command " + name + ": there is no such file");
            }
            return checkExecutable(name, name);
        }
        String directories = System.getenv().getOrDefault("PATH", DEFAULT_PATH);
        String unusable = null;
        for (String directory : directories.split(File.pathSeparator, -1)) {
            String file = (directory.isEmpty() ? "." : directory) + "/" + name;
            if (isExecutable(file)) {
                return file;
            }
            if (unusable == null && Files.exists(Path.of(file))) {
                unusable = file;
            }
        }
        if (unusable != null) {
            return checkExecutable(name, unusable);
        }
        throw new CommandException(
                CommandException.NOT_FOUND, "command " + name + ": not found in any directory of PATH");
    }

    private static String checkExecutable(String name, String file) throws CommandException {
        if (!isExecutable(file)) {
            throw new CommandException(
                    CommandException.NOT_EXECUTABLE, "command " + name + ": "
                            + (Files.isDirectory(Path.of(file)) ? "a directory, not a program" : file + " is not executable; chmod +x lets it be"));
        }
        return file;
    }

    /**
     * Throws if the program is a script whose interpreter is not there. Execve says so, too, but as if the script were missing, and
     * when it is too late for some callers.
     */
    public void checkInterpreter() throws CommandException {
        byte[] begin = new byte[MOST_INTERPRETER_BYTES];
        int length;
        try (InputStream program = Files.newInputStream(Path.of(path))) {
            length = program.readNBytes(begin, 0, begin.length);
        } catch (IOException e) {
            return; // It may be executable and not readable.
        }
        String line = new String(begin, 0, length, StandardCharsets.ISO_8859_1).split("\n", 2)[0];
        if (!line.startsWith("#!")) {
            return;
        }
        String interpreter = line.substring("#!".length()).strip().split("[ \t]", 2)[0];
        if (!Files.exists(Path.of(interpreter))) {
            throw new CommandException(
                    CommandException.NOT_FOUND, "command " + words.get(0) + ": there is no " + interpreter + ", which is to interpret " + path);
        }
    }

    private static boolean isExecutable(String file) {
        return Files.isExecutable(Path.of(file)) && !Files.isDirectory(Path.of(file));
    }

    /** Throws if a saved fd is beyond the limit that this process, and so a command, has for fds. */
    public static void checkFdLimit(Image.Process saved) throws StandpipeException {
        try {
            long limit = ProcessCalls.descriptorLimit();
            List<Image.Descriptor> descriptors = saved.table().descriptors();
            int highest = descriptors.stream().mapToInt(Image.Descriptor::fd).max().orElse(0);
            if (highest >= limit) {
                throw new UnavailableException("descriptor " + highest + ": numbers end at " + (limit - 1)
                        + " here (RLIMIT_NOFILE): raise it with ulimit -n "
                        + Math.max(highest + 1L, descriptors.size() + FDS_BESIDE));
            }
        } catch (ErrnoException e) {
            throw Failures.of("the limit of descriptors", e);
        }
    }

    /**
     * Replaces this process by the command, which runs as if it had been started directly. Returns only by an exception.
     *
     * @param placement fd in the command, to the fd here that becomes it
     * @param inherited fds of this process that the command is to have too
     */
    public void become(Map<Integer, Integer> placement, Set<Integer> inherited) throws StandpipeException {
        become(placement, inherited, CommandSettings.NONE);
    }

    /** Replaces this process, as {@link #become(Map, Set)} does, by a command with chosen settings. */
    public void become(Map<Integer, Integer> placement, Set<Integer> inherited, CommandSettings settings)
            throws StandpipeException {
        try {
            CommandSettings callers = CallerState.in(settings);
            long signalMask = ProcessStatus.blockedSignals(ProcessCalls.pid());
            System.out.flush();
            System.err.flush();
            removePerformanceData();
            try {
                Exec.become(path, words, placement, inherited, signalMask, callers);
            } catch (ErrnoException e) {
                if (e.errno() != Errno.ENOEXEC) {
                    throw e;
                }
                List<String> script = Spawn.scriptArguments(path, words);
                Exec.become(script.get(0), script, placement, inherited, signalMask, callers);
            }
        } catch (ErrnoException e) {
            throw failure(e);
        } catch (IOException e) {
            throw new StandpipeException("command " + words.get(0) + ": " + Reasons.of(e), e);
        }
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
                Files.deleteIfExists(directory.resolve(Long.toString(ProcessCalls.pid())));
            }
        } catch (IOException e) {
            System.getLogger(Command.class.getName())
                    .log(System.Logger.Level.DEBUG, "the JVM's statistics file stays behind", e);
        }
    }

    /** Returns the exception for a call that failed: {@link CommandException} if the kernel refused to execute the program. */
    StandpipeException failure(ErrnoException cause) {
        String what = "command " + words.get(0);
        if (!Exec.isExecve(cause)) {
            return Failures.of(what, cause);
        }
        int status = cause.errno() == Errno.ENOENT ? CommandException.NOT_FOUND : CommandException.NOT_EXECUTABLE;
        try {
            checkInterpreter();
        } catch (CommandException e) {
            e.initCause(cause);
            return e;
        }
        return new CommandException(status, what + ": " + Reasons.of(cause), cause);
    }
}
