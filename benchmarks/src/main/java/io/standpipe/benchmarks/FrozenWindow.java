// SPDX-License-Identifier: Apache-2.0
package io.standpipe.benchmarks;

import io.standpipe.Checkpoint;
import io.standpipe.Snapshot;
import io.standpipe.internal.sys.ProcessCalls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * How long another process stands still for a snapshot of its pipes: beside the C program with the same process, beside a
 * checkpoint that writes the image meanwhile, after a warm-up and in a JVM that has done nothing before.
 */
public final class FrozenWindow {

    private static final int SPARE_DESCRIPTORS = 300;
    private static final String BOTH_ENDS = "both ends";
    private static final String READ_ENDS = "read ends";

    private final boolean full;
    private final ResultFile results;
    private final Path image;

    private FrozenWindow(boolean full, ResultFile results, Path image) {
        this.full = full;
        this.results = results;
        this.image = image;
    }

    /** Arguments: quick or full, the result's file, the folder for images, and the sets if not the usual ones. */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length < 3) {
            System.err.println("usage: FrozenWindow quick|full RESULT.json FOLDER [SET]...");
            System.exit(2);
        }
        ResultFile results = new ResultFile(Path.of(arguments[1]), arguments[0]);
        Path folder = Files.createDirectories(Path.of(arguments[2]));
        new FrozenWindow(arguments[0].equals("full"), results, folder.resolve("window.ckpt"))
                .run(List.of(arguments).subList(3, arguments.length));
        results.write();
    }

    private void run(List<String> chosen) {
        List<String> usual = full
                ? List.of("64KiB", "4KiB", "1KiB").stream()
                        .flatMap(size -> Stream.of("100x" + size, "1000x" + size, "9000x" + size))
                        .toList()
                : List.of("100x64KiB", "1000x64KiB", "9000x64KiB", "1000x4KiB");
        for (String set : chosen.isEmpty() ? usual : chosen) {
            compare(set, BOTH_ENDS);
            compare(set, READ_ENDS);
        }
    }

    /** Fewer pipes than wanted where each needs more descriptors than the limit allows: its ends' copies, and a clone. */
    private static String withinLimit(String wanted, String ends) throws IOException {
        long perPipe = ends.equals(BOTH_ENDS) ? 3 : 2;
        long most = (ProcessCalls.descriptorLimit() - SPARE_DESCRIPTORS) / perPipe / 100 * 100;
        return Math.min(PipeSetSize.parse(wanted).pipes(), most) + wanted.substring(wanted.indexOf('x'));
    }

    private void compare(String wanted, String ends) {
        try {
            String set = withinLimit(wanted, ends);
            try (PipeHolder holder = PipeHolder.start(set); Contender floor = Floor.window(holder.pid(), set)) {
                compare(set, ends, holder, floor);
            } finally {
                Files.deleteIfExists(image);
            }
        } catch (IOException e) {
            results.skip("window", wanted, ends, e.getMessage());
        }
    }

    private void compare(String set, String ends, PipeHolder holder, Contender floor) throws IOException {
        int[] descriptors = ends.equals(BOTH_ENDS) ? new int[0] : holder.readEnds();
        Checkpoint checkpoint = FirstCall.of(holder.pid(), descriptors);
        int pipes = PipeSetSize.parse(set).pipes();
        List<Contender> warm = new ArrayList<>(List.of(floor, snapshot(checkpoint)));
        if (pipes <= 1000 || full) {
            warm.add(writingWhileFrozen(checkpoint));
        }
        results.add("window", set, ends, rounds(pipes).run(warm));
        Contender first = Contender.of("standpipe", () -> FirstCall.inNewJvm(holder.pid(), descriptors));
        results.add("firstWindow", set, ends, new Rounds(full ? 15 : 7, 0).run(List.of(floor, first)));
    }

    private Rounds rounds(int pipes) {
        int most = pipes > 1000 ? 15 : 41;
        return new Rounds(full ? 2 * most + 1 : most, TimeUnit.SECONDS.toNanos(full ? 10 : 3));
    }

    private static Contender snapshot(Checkpoint checkpoint) {
        return Contender.of("standpipe", () -> {
            try (Snapshot snapshot = checkpoint.snapshot()) {
                return snapshot.frozen().toNanos();
            }
        });
    }

    private Contender writingWhileFrozen(Checkpoint checkpoint) {
        return Contender.of(
                "writingWhileFrozen", () -> checkpoint.writingWhileFrozen().writeTo(image).frozen().toNanos());
    }
}
