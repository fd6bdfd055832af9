// SPDX-License-Identifier: Apache-2.0
package io.standpipe.benchmarks;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The C program as a contender: it takes a sample for each line that it is sent, and waits in between. */
final class Floor implements Contender {

    static final String NAME = "floor";
    /** The one that makes the same calls as Standpipe does. */
    static final String SAME_CALLS = "sameCalls";
    /** The same in a process that has a second thread, as every JVM has. */
    static final String SAME_CALLS_THREADS = "sameCallsThreads";

    private static final Path PROGRAM = Path.of(System.getProperty("standpipe.floor", "target/floor"));

    private final String name;
    private final Path own;
    private final Process process;
    private final OutputStream questions;
    private final BufferedReader answers;

    private Floor(String name, List<String> arguments) throws IOException {
        this(name, null, arguments);
    }

    /** @param own a folder for this one alone, which goes with it; null if there is none */
    private Floor(String name, Path own, List<String> arguments) throws IOException {
        this.name = name;
        this.own = own;
        process = start(arguments);
        questions = process.getOutputStream();
        answers = process.inputReader(StandardCharsets.US_ASCII);
    }

    static Process start(List<String> arguments) throws IOException {
        return start(arguments, ProcessBuilder.Redirect.PIPE, ProcessBuilder.Redirect.INHERIT);
    }

    static Process startReading(List<String> arguments, File input) throws IOException {
        return start(arguments, ProcessBuilder.Redirect.from(input), ProcessBuilder.Redirect.INHERIT);
    }

    /** What it says on standard error goes to the end of a file. */
    static Process startComplaining(List<String> arguments, File complaints) throws IOException {
        return start(arguments, ProcessBuilder.Redirect.PIPE, ProcessBuilder.Redirect.appendTo(complaints));
    }

    private static Process start(
            List<String> arguments, ProcessBuilder.Redirect input, ProcessBuilder.Redirect error) throws IOException {
        if (!Files.isExecutable(PROGRAM)) {
            throw new IOException("no program " + PROGRAM.toAbsolutePath() + ": run.sh compiles it");
        }
        List<String> command = new ArrayList<>(List.of(PROGRAM.toString()));
        command.addAll(arguments);
        return new ProcessBuilder(command)
                .redirectInput(input)
                .redirectError(error)
                .start();
    }

    /** The window of another process. */
    static Floor window(long pid, String set) throws IOException {
        return new Floor(NAME, List.of("-i", "-p", Long.toString(pid), "window", set));
    }

    /** A workload with pipes of its own. */
    static Floor of(String workload, String set, Path folder) throws IOException {
        return new Floor(NAME, List.of("-i", "-d", folder.toString(), workload, set));
    }

    /** A checkpoint that also syncs the folder after the rename. */
    static Floor syncingFolder(String workload, String set, Path folder) throws IOException {
        return new Floor("floorSyncingFolder", List.of("-i", "-s", "-d", folder.toString(), workload, set));
    }

    /** A checkpoint that clones into one large pipe, which is spliced to the file when it is full. */
    static Floor staged(String set, Path folder) throws IOException {
        return new Floor("floorStaged", List.of("-i", "-d", folder.toString(), "checkpoint-staged", set));
    }

    /** What Standpipe does, with the same calls and nothing else: checkpoint, checkpoint-again, stream or restore. */
    static Floor sameCalls(String workload, String set, Path folder) throws IOException {
        return new Floor(SAME_CALLS, List.of("-i", "-d", folder.toString(), "same-" + workload, set));
    }

    /** The same with a second thread, which sleeps; in a folder beside, since both name their images alike. */
    static Floor sameCallsThreads(String workload, String set, Path folder) throws IOException {
        Path own = Files.createTempDirectory(folder, "threads");
        return new Floor(SAME_CALLS_THREADS, own, List.of("-i", "-t", "-d", own.toString(), "same-" + workload, set));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public long sampleNanos() throws IOException {
        questions.write('\n');
        questions.flush();
        String answer = answers.readLine();
        if (answer == null) {
            throw new IOException("the floor program has ended");
        }
        return Long.parseLong(answer);
    }

    @Override
    public void close() throws IOException {
        questions.close();
        await(process);
        if (own != null) {
            try (Stream<Path> left = Files.list(own)) {
                for (Path file : left.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(own);
        }
    }

    /** Waits for the end of a process that has nothing left to do. */
    static void await(Process process) {
        boolean interrupted = false;
        while (process.isAlive()) {
            try {
                process.waitFor();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
