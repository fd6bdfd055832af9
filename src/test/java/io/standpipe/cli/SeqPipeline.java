// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.testkit.TestProcess;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** {@code seq 1 1000000 | sleep 1000}, with a full pipe and a blocked producer. */
final class SeqPipeline implements AutoCloseable {

    static final int FULL_BYTES = 65_536;

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
        TestProcess.awaitQueued((int) pipeline.consumerPid(), 0, FULL_BYTES);
        return pipeline;
    }

    /** Returns the bytes in the pipe, the beginning of the output of seq. */
    static byte[] content() {
        String lines = IntStream.rangeClosed(1, 20_000).mapToObj(i -> i + "\n").collect(Collectors.joining());
        return Arrays.copyOf(lines.getBytes(StandardCharsets.US_ASCII), FULL_BYTES);
    }

    long consumerPid() {
        return processes.get(1).pid();
    }

    @Override
    public void close() {
        processes.forEach(process -> process.destroyForcibly().onExit().join());
    }
}
