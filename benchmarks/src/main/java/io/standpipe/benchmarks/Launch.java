// SPDX-License-Identifier: Apache-2.0
package io.standpipe.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A command run to its end, again and again, each time in a JVM of its own; remembers how much memory that took. */
final class Launch implements Contender {

    /** What "standpipe check" ends with where something is not allowed; it has done its work nevertheless. */
    private static final int NOT_ALLOWED = 4;

    private final JvmVariant variant;
    private final List<String> command = new ArrayList<>(List.of("run"));
    private final List<Long> peaksKiB = new ArrayList<>();

    Launch(JvmVariant variant, Path jar, List<String> arguments) {
        this.variant = variant;
        command.addAll(variant.command(jar));
        command.addAll(arguments);
    }

    @Override
    public String name() {
        return variant.name();
    }

    @Override
    public long sampleNanos() throws IOException {
        Process process = Floor.start(command);
        String line = process.inputReader(StandardCharsets.US_ASCII).readLine();
        Floor.await(process);
        int status = process.exitValue();
        if (line == null || status != 0 && status != NOT_ALLOWED) {
            throw new IOException(String.join(" ", command) + ": exit status " + status);
        }
        String[] told = line.split(" ");
        peaksKiB.add(Long.parseLong(told[1]));
        return Long.parseLong(told[0]);
    }

    /** Of the runs so far, those to warm up among them. */
    double medianKiB() {
        return new Samples(name(), peaksKiB.stream().mapToLong(Long::longValue).toArray()).median();
    }
}
