// SPDX-License-Identifier: Apache-2.0
package io.standpipe.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The C program as a contender: it takes a sample for each line of its input and sleeps in between. */
final class Floor implements Contender, AutoCloseable {

    private static final String PROGRAM = "target/floor";

    private final Process process;
    private final BufferedReader answers;

    /**
     * @param workload window, checkpoint or restore
     * @param of a pid for a window, else the directory of the image
     */
    Floor(String workload, String set, Object of) throws IOException {
        process = start(workload, set, of.toString());
        answers = process.inputReader(StandardCharsets.US_ASCII);
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
