// SPDX-License-Identifier: Apache-2.0
package io.standpipe.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The C program as a contender: it takes a sample for each line of its input and sleeps in between. */
final class Floor implements Contender, AutoCloseable {

    private static final String PROGRAM = "target/floor";

    private final Process process;
    private final BufferedReader answers;

    private Floor(String... arguments) throws IOException {
        process = start(arguments);
        answers = process.inputReader(StandardCharsets.US_ASCII);
    }

    /** The frozen window of another process alone. */
    static Floor ofWindow(String set, long pid) throws IOException {
        return new Floor("window", set, Long.toString(pid));
    }

    /** A checkpoint of another process. */
    static Floor ofProcess(String set, long pid, Path directory) throws IOException {
        return new Floor("process", set, Long.toString(pid), directory.toString());
    }

    static Floor ofCheckpoint(String set, Path directory) throws IOException {
        return new Floor("checkpoint", set, directory.toString());
    }

    static Floor ofRestore(String set, Path directory) throws IOException {
        return new Floor("restore", set, directory.toString());
    }

    /** A checkpoint into a pipe. */
    static Floor ofStream(String set) throws IOException {
        return new Floor("stream", set);
    }

    static Process start(String... arguments) throws IOException {
        return new ProcessBuilder(command(List.of(arguments))).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    static List<String> command(List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(PROGRAM));
        command.addAll(arguments);
        return command;
    }

    @Override
    public String name() {
        return "C floor";
    }

    @Override
    public long sampleNanos() throws IOException {
        process.getOutputStream().write('\n');
        process.getOutputStream().flush();
        String answer = answers.readLine();
        if (answer == null) {
            throw new IOException("the floor program has ended");
        }
        return Long.parseLong(answer);
    }

    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        await(process);
    }

    static int await(Process process) throws IOException {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
