// SPDX-License-Identifier: Apache-2.0
package io.standpipe.testkit;

import io.standpipe.internal.proc.FdTable;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A JVM that runs {@link com.example.Application}; its standard error goes to a file. {@code close} ends it. */
public final class TestApplication implements AutoCloseable {

    private final Process process;
    private final BufferedReader answers;
    private final Path err;
    private final int pid;

    /**
     * Starts the JVM, and waits until the application is ready.
     *
     * @param command the command line of the JVM, or of a program that starts it as a descendant
     * @param err the file for its standard error
     */
    public TestApplication(List<String> command, Path err) throws IOException {
        this.err = err;
        process = new ProcessBuilder(command).redirectError(err.toFile()).start();
        answers = process.inputReader();
        try {
            String line = answers.readLine();
            if (!"ready".equals(line)) {
                throw new AssertionError(command + " printed " + line + " and " + said());
            }
            pid = isJava(process.toHandle()) ? (int) process.pid()
                    : (int) process.descendants().filter(TestApplication::isJava).findFirst().orElseThrow().pid();
        } catch (Throwable e) {
            close();
            throw e;
        }
    }

    private static boolean isJava(ProcessHandle handle) {
        try {
            return Files.readString(Path.of("/proc/" + handle.pid() + "/comm")).trim().equals("java");
        } catch (IOException e) {
            return false;
        }
    }

    /** Returns the JVM's pid, as this JVM sees it. */
    public int pid() {
        return pid;
    }

    public String ask(String line) throws IOException {
        process.outputWriter().write(line + "\n");
        process.outputWriter().flush();
        return answers.readLine();
    }

    /** Returns whether the application has printed something that was no answer. */
    public boolean saysMore() throws IOException {
        return answers.ready() || process.getInputStream().available() > 0;
    }

    /**
     * Returns what is on its standard error but for the JVM's own warnings of agents and native code, and what the application's log
     * has of what was done to its pipes.
     */
    public String saidItself() {
        return said().stream()
                .filter(line -> !line.startsWith("WARNING: ") && !line.endsWith(" io.standpipe.internal.observe.AgentLog done")
                        && !line.matches("INFO: (saved|restored) .*"))
                .collect(Collectors.joining("\n"));
    }

    private List<String> said() {
        try {
            return Files.readAllLines(err);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Returns the fds of the application's pipe, separated by a comma; they are above those of the standard streams. */
    public String pipe() throws IOException {
        List<String> pipes = new ArrayList<>();
        for (int fd : FdTable.fds(pid)) {
            if (fd > 2 && isPipe(fd)) {
                pipes.add(Integer.toString(fd));
            }
        }
        if (pipes.size() != 2) {
            throw new AssertionError(pipes.toString());
        }
        return String.join(",", pipes);
    }

    /** Returns whether the JVM has a pipe at this fd. */
    public boolean isPipe(int fd) {
        try {
            return Files.readSymbolicLink(Path.of("/proc/" + pid + "/fd/" + fd)).toString().startsWith("pipe:");
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        try {
            process.outputWriter().close();
            Await.until("it has ended", () -> process.waitFor(1, TimeUnit.SECONDS));
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            answers.close();
        }
    }
}
