// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.Checkpoint;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** {@code seq 1 1000000 | sleep 1000}, whose pipe is full and whose producer is blocked. */
final class SeqPipeline implements AutoCloseable {

    static final int FULL_BYTES = 65_536;

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final List<Process> processes;

    private SeqPipeline(List<Process> processes) {
        this.processes = processes;
    }

    static SeqPipeline start() throws IOException {
        SeqPipeline pipeline = new SeqPipeline(ProcessBuilder.startPipeline(List.of(
                new ProcessBuilder("seq", "1", "1000000")
                        .redirectInput(new File("/dev/null"))
                        .redirectError(ProcessBuilder.Redirect.DISCARD),
                new ProcessBuilder("sleep", "1000")
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.DISCARD))));
        pipeline.awaitFull();
        return pipeline;
    }

    /** What is in the pipe: the beginning of the output of seq. */
    static byte[] content() {
        String lines = IntStream.rangeClosed(1, 20_000).mapToObj(i -> i + "\n").collect(Collectors.joining());
        return Arrays.copyOf(lines.getBytes(StandardCharsets.US_ASCII), FULL_BYTES);
    }

    long consumerPid() {
        return processes.get(1).pid();
    }

    private void awaitFull() throws IOException {
        Path image = Files.createTempFile("standpipe-wait", ".ckpt");
        boolean full = false;
        try {
            long start = System.nanoTime();
            while (!full && System.nanoTime() - start < PATIENCE_NANOS) {
                full = Checkpoint.ofProcess(consumerPid(), 0).writeTo(image).payloadBytes() == FULL_BYTES;
                LockSupport.parkNanos(POLL_NANOS);
            }
        } finally {
            Files.delete(image);
            if (!full) {
                close();
            }
        }
        assertTrue(full, "seq has not filled its pipe");
    }

    @Override
    public void close() {
        processes.forEach(process -> process.destroyForcibly().onExit().join());
    }
}
