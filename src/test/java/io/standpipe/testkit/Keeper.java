// SPDX-License-Identifier: Apache-2.0
package io.standpipe.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A command in a session of its own, and all its descendants. Those that lose their parent are reaped at once when they end, so that
 * their pids are free, as a restore of whole processes needs; an init may take seconds. {@code close} kills all of them.
 */
public final class Keeper implements AutoCloseable {

    private static Path program;

    private final List<String> command;
    private final Process process;
    private final BufferedReader said;
    private final Path output;
    private final int pid;

    private Keeper(List<String> command, Process process, BufferedReader said, Path output, int pid) {
        this.command = command;
        this.process = process;
        this.said = said;
        this.output = output;
        this.pid = pid;
    }

    /**
     * Starts a command.
     *
     * @param output the file that becomes its standard output and standard error
     */
    public static Keeper start(List<String> command, Path output) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of(program().toString()));
        line.addAll(command);
        Process process = new ProcessBuilder(line)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectError(output.toFile())
                .start();
        process.getOutputStream().close();
        BufferedReader said = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
        return new Keeper(command, process, said, output, Integer.parseInt(said.readLine()));
    }

    /** Returns the program, which is compiled once in each JVM that runs tests. */
    private static synchronized Path program() throws IOException, InterruptedException {
        if (program == null) {
            Path directory = Files.createDirectories(Path.of("target", "keeper-" + ProcessHandle.current().pid()));
            program = CCode.program(directory, Keeper.class, "keeper.c").toAbsolutePath();
        }
        return program;
    }

    /** Returns the command's pid. */
    public int pid() {
        return pid;
    }

    /** Waits until the command itself has ended; returns its exit status, or 128 and the signal that ended it. May be called once. */
    public int awaitCommand() throws IOException {
        return Integer.parseInt(said.readLine());
    }

    /** Returns what the command has printed. */
    public String output() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until neither the command nor a descendant is left, nor their pids in use. */
    public void awaitAll() {
        Await.until("no process of " + command + " is left", () -> !process.isAlive());
    }

    @Override
    public void close() throws IOException {
        Await.until("all processes of " + command + " are killed", () -> {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            return !process.isAlive();
        });
        said.close();
        process.getErrorStream().close();
    }
}
