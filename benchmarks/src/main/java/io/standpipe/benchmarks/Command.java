// SPDX-License-Identifier: Apache-2.0
package io.standpipe.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A command as a contender: from its start to its end, with its peak memory. The floor program runs it. */
final class Command implements Contender {

    /** The exit status of "standpipe check" where something is not allowed; it has done its work nevertheless. */
    private static final int NOT_ALLOWED = 4;

    private final String name;
    private final List<String> command;
    private final List<Double> peaksKiB = new ArrayList<>();

    Command(String name, List<String> command) {
        this.name = name;
        this.command = List.copyOf(command);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public long sampleNanos() throws IOException {
        List<String> arguments = new ArrayList<>(List.of("run"));
        arguments.addAll(command);
        String[] words = output(Floor.command(arguments)).strip().split(" ");
        peaksKiB.add(Double.parseDouble(words[1]));
        return Long.parseLong(words[0]);
    }

    /** Runs a command and returns what it prints, without its error output. */
    static String output(List<String> command) throws IOException {
        Path errors = Files.createTempFile("command", ".txt");
        try {
            Process process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int status = Floor.await(process);
            if (status != 0 && status != NOT_ALLOWED) {
                throw new IOException(String.join(" ", command) + ": exit status " + status + ", " + Files.readString(errors).strip());
            }
            return output;
        } finally {
            Files.delete(errors);
        }
    }

    @Override
    public double peakMemoryKiB() {
        return Comparisons.median(peaksKiB.stream().mapToDouble(Double::doubleValue).toArray());
    }
}
