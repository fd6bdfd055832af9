// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.Checkpoint;
import io.standpipe.testkit.CCode;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A sleeping process that has pipes at chosen numbers, to be saved from outside. */
final class PipeHolder implements AutoCloseable {

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private static Path program;

    private final Process process;

    private PipeHolder(Process process) {
        this.process = process;
    }

    /** @param pipes for each pipe: the read end's number or -, the write end's number or -, what is in it */
    static PipeHolder of(String... pipes) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(program().toString()));
        command.addAll(List.of(pipes));
        PipeHolder holder = new PipeHolder(new ProcessBuilder(command)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start());
        holder.awaitSleep();
        return holder;
    }

    /** Saves such a process to an image, in this JVM; the process is gone afterwards. */
    static Path save(Path image, String... pipes) throws IOException, InterruptedException {
        try (PipeHolder holder = of(pipes)) {
            Checkpoint.ofProcess(holder.pid()).writeTo(image);
        }
        return image;
    }

    /** Compiled once in each JVM that runs tests. */
    private static Path program() throws IOException, InterruptedException {
        if (program == null) {
            Path folder = Path.of("target", "hold-pipes-" + Integer.getInteger("standpipe.test.jvm", 0));
            Files.createDirectories(folder);
            try (InputStream in = PipeHolder.class.getResourceAsStream("hold-pipes.c")) {
                program = CCode.program(folder, new String(in.readAllBytes(), StandardCharsets.UTF_8)).toAbsolutePath();
            }
        }
        return program;
    }

    long pid() {
        return process.pid();
    }

    private void awaitSleep() throws IOException {
        long start = System.nanoTime();
        Path name = Path.of("/proc", Long.toString(process.pid()), "comm");
        boolean sleeping = false;
        while (!sleeping && process.isAlive() && System.nanoTime() - start < PATIENCE_NANOS) {
            LockSupport.parkNanos(POLL_NANOS);
            sleeping = process.isAlive() && Files.readString(name).equals("sleep\n");
        }
        if (!sleeping) {
            close();
        }
        assertTrue(sleeping, "the process that was to hold the pipes did not get there");
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
