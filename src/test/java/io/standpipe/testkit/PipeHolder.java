// SPDX-License-Identifier: Apache-2.0
package io.standpipe.testkit;

import io.standpipe.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A sleeping process that has pipes at chosen fds, and no others. */
public final class PipeHolder implements AutoCloseable {

    private static Path program;

    private final Process process;

    private PipeHolder(Process process) {
        this.process = process;
    }

    /**
     * Starts a process.
     *
     * @param pipes for each pipe three: the read end's fd or -, the write end's fd or -, and what is queued in the pipe
     */
    public static PipeHolder of(String... pipes) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(program().toString()));
        command.addAll(List.of(pipes));
        PipeHolder holder = new PipeHolder(new ProcessBuilder(command)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start());
        holder.awaitSleep();
        return holder;
    }

    /** Starts such a process, saves its pipes to the image, and ends it. */
    public static Path save(Path image, String... pipes) throws IOException, InterruptedException {
        try (PipeHolder holder = of(pipes)) {
            Checkpoint.ofProcess(holder.pid()).writeTo(image);
        }
        return image;
    }

    /** Returns the program, which is compiled once in each JVM that runs tests. */
    private static synchronized Path program() throws IOException, InterruptedException {
        if (program == null) {
            Path directory = Path.of("target", "hold-pipes-" + ProcessHandle.current().pid());
            Files.createDirectories(directory);
            program = CCode.program(directory, PipeHolder.class, "hold-pipes.c").toAbsolutePath();
        }
        return program;
    }

    public long pid() {
        return process.pid();
    }

    /** Waits until it sleeps: while exec still goes on the process has its new name, and the kernel has not closed the other ends. */
    private void awaitSleep() {
        Path stat = Path.of("/proc", Long.toString(process.pid()), "stat");
        Await.until(
                "the process that holds the pipes sleeps",
                () -> !process.isAlive() || Files.readString(stat).contains(" (sleep) S "));
        if (!process.isAlive()) {
            throw new AssertionError("the process that was to hold the pipes ended with " + process.exitValue());
        }
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
