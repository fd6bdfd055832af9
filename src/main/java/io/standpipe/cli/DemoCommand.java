// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.Checkpoint;
import io.standpipe.Image;
import io.standpipe.Payload;
import io.standpipe.Restore;
import io.standpipe.StandpipeException;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** {@code standpipe demo}: saves and restores a real pipeline, and explains each step. */
final class DemoCommand extends Subcommand {

    private static final int FIRST_WITH_NATIVE_ACCESS_FLAG = 21;
    private static final File NOTHING = new File("/dev/null");
    private static final long TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(30);

    DemoCommand() {
        super("standpipe demo", "Shows the main job on a real pipeline, explained as it goes.");
    }

    @Override
    int run() throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("standpipe-demo");
        Path image = directory.resolve("demo.ckpt");
        Path again = directory.resolve("again.ckpt");
        try {
            return restoreIntoConsumer(image, saveFromOutside(image, again));
        } finally {
            Files.deleteIfExists(image);
            Files.deleteIfExists(again);
            Files.deleteIfExists(directory);
        }
    }

    /** Returns how many bytes were saved. */
    private long saveFromOutside(Path image, Path again) throws IOException {
        say("A pipeline whose consumer never reads: its pipe fills up, and the producer blocks.");
        List<Process> pipeline = ProcessBuilder.startPipeline(List.of(
                new ProcessBuilder("seq", "1", "1000000").redirectInput(NOTHING).redirectError(Redirect.DISCARD),
                new ProcessBuilder("sleep", "1000").redirectOutput(Redirect.DISCARD).redirectError(Redirect.DISCARD)));
        Process consumer = pipeline.get(1);
        say("  $ seq 1 1000000 | sleep 1000        # sleep is process " + consumer.pid());
        try {
            awaitFullPipe(consumer, image);
            say(
                    "", "The consumer's pipe is saved from outside; no byte is consumed, and no signal sent.",
                    "  $ standpipe checkpoint --pid " + consumer.pid() + " --fd 0 --output demo.ckpt",
                    "  $ standpipe show demo.ckpt");
            ImageText.write(Restore.from(image).check(), "demo.ckpt", out());
            say("", "Once more, into another image: are the same bytes still there?");
            Image.Pipe saved = save(consumer, again);
            boolean same = Arrays.equals(payload(image), payload(again));
            say(same ? "  yes: the payloads are identical, no byte was consumed." : "  no: the payloads differ!");
            if (!same) {
                throw new IOException("two checkpoints of a pipe that nobody used differ");
            }
            return saved.payloadBytes();
        } finally {
            pipeline.forEach(Process::destroyForcibly);
        }
    }

    private int restoreIntoConsumer(Path image, long bytes) throws IOException, InterruptedException {
        say(
                "", "The whole pipeline is killed. What was in flight lives on in the image.",
                "", "A new consumer gets the pipe back, at its old number 0, standard input:",
                "  $ standpipe restore demo.ckpt -- tail -n 3");
        out().flush();
        List<String> restore = new ArrayList<>();
        restore.add(ProcessHandle.current().info().command().orElse("java"));
        if (Runtime.version().feature() >= FIRST_WITH_NATIVE_ACCESS_FLAG) {
            restore.add("--enable-native-access=ALL-UNNAMED");
        }
        restore.addAll(List.of(
                "-cp", System.getProperty("java.class.path"), Main.class.getName(), "restore", image.toString(), "--",
                "tail", "-n", "3"));
        int exitCode = new ProcessBuilder(restore).inheritIO().start().waitFor();
        say("", exitCode == 0
                ? "(The last line is cut short: the " + Sizes.grouped(bytes) + " bytes that were in flight"
                        + " end in the middle of it.)"
                : "The restored command ended with " + exitCode + ".");
        return exitCode;
    }

    private static void awaitFullPipe(Process consumer, Path image) throws IOException {
        long deadline = System.nanoTime() + TIMEOUT_NANOS;
        for (Image.Pipe pipe = save(consumer, image); pipe.payloadBytes() < pipe.capacityBytes(); pipe = save(consumer, image)) {
            if (System.nanoTime() > deadline) {
                throw new IOException("the pipeline did not fill its pipe within 30 s");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    private static Image.Pipe save(Process consumer, Path image) throws StandpipeException {
        Checkpoint.ofProcess(consumer.pid(), 0).writeTo(image);
        return Restore.from(image).check().pipes().values().iterator().next();
    }

    private static byte[] payload(Path image) throws IOException {
        try (Payload payload = Restore.from(image).payload()) {
            return payload.readAllBytes();
        }
    }

    private void say(String... lines) {
        for (String line : lines) {
            out().println(line);
        }
    }
}
