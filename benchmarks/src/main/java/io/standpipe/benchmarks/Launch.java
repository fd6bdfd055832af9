// SPDX-License-Identifier: Apache-2.0
package io.standpipe.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A command run to its end, again and again; remembers how much memory that took. */
final class Launch implements Contender {

    /** What "standpipe check" ends with where something is not allowed; it has done its work nevertheless. */
    private static final int NOT_ALLOWED = 4;

    private final String name;
    private final List<String> command = new ArrayList<>(List.of("run"));
    private final List<Long> peaksKiB = new ArrayList<>();
    private final Path complaints;

    Launch(String name, List<String> command) throws IOException {
        this.name = name;
        this.command.addAll(command);
        complaints = Files.createTempFile("launch", ".txt");
        complaints.toFile().deleteOnExit();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public long sampleNanos() throws IOException {
        Files.writeString(complaints, "");
        Process process = Floor.startComplaining(command, complaints.toFile());
        String line = process.inputReader(StandardCharsets.US_ASCII).readLine();
        Floor.await(process);
        int status = process.exitValue();
        if (line == null || status != 0 && status != NOT_ALLOWED) {
            throw new IOException(String.join(" ", command) + ": exit status " + status + ", " + Files.readString(complaints).strip());
        }
        String[] told = line.split(" ");
        peaksKiB.add(Long.parseLong(told[1]));
        return Long.parseLong(told[0]);
    }

    /** Of the runs so far, those to warm up among them. */
    double medianKiB() {
        return new Samples(name, peaksKiB.stream().mapToLong(Long::longValue).toArray()).median();
    }
}
